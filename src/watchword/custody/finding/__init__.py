"""Finding a person by number, or by name and one more fact, however the name is written."""
