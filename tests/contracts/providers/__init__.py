"""A provider added from scratch by docs/howto/add-a-provider.md: carrier pigeons, kept in a loft with an API."""
