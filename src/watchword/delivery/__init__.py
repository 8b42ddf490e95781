"""How a notice reaches a person: claims, channels, receipts, confirmation."""
