"""Errors that a person will read: what happened, why, and what to do next."""


class WatchwordError(Exception):
    """Something this system could explain; the message is a sentence for the person at the keyboard.

    The command line prints it on standard error and exits 1.
    """
