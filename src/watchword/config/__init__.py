"""Every setting, typed and documented; urls; the private PostgreSQL."""
