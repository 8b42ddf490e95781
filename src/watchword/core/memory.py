"""How this process holds memory."""

_LARGEST = (32 << 20) - (64 << 10)
"""Bytes: the largest block of which glibc's malloc learns, with its own few bytes."""


def use_freed_memory_again() -> None:
    """Have freed blocks of up to 32 MiB used again, instead of given back to the system at once.

    A roster is gone through in blocks of a MiB. By default each is taken from the system anew, page by page, which can
    take ten times as long as to encrypt it; it was an eighth of a large comparison. glibc goes by the largest block
    that was freed (M_MMAP_THRESHOLD in mallopt(3)); another C library has its own ways, and this does nothing there.
    """
    bytes(_LARGEST)  # never touched, so never filled: it costs no memory
