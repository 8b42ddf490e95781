"""Texts by carrier pigeon, through a loft's HTTP API. An invention, to try docs/howto/add-a-provider.md with."""
