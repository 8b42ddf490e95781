"""Tasks and incidents: what somebody at the desk must look at."""
