"""Watchword sends word, the moment a person's custody changes, to those with the right to know."""
