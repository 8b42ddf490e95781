"""Sources and rosters: receive, keep raw, read, map, check, quarantine."""
