"""People who asked to be told, how to reach them, and about whom."""
