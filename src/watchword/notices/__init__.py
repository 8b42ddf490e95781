"""Who must be told what, and in which words."""
