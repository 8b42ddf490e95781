"""Nothing: a folder reports nothing. The PIN, or the next rung of the ladder, says what became of a letter."""
