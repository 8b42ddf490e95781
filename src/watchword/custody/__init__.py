"""What is known of people held, and what changed: records, events, the breaker."""
