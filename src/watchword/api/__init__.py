"""The HTTP API and the providers' webhooks."""
