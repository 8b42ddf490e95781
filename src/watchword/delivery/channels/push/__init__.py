"""Push to another office's system: webhooks as Standard Webhooks 1.0.0 has them, each to a partner's own endpoint."""
