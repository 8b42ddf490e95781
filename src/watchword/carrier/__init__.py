"""A local post office and phone exchange, outside the system like any carrier."""
