"""Staff: their accounts, made and ended on the command line alone, and their way in: a name, a password, and a code."""
