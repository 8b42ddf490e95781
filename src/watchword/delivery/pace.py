"""How fast a provider may be given messages, and how many places are kept for urgent ones."""


def reserve(places: int) -> int:
    """How many of so many places are kept for urgent words: a fifth, and at least one."""
    return -(-places // 5)


class Pace:
    """So many messages a second; what was not used is saved up for one second, no longer. Times are in seconds."""

    def __init__(self, per_second: float | None) -> None:
        """None: as fast as it goes."""
        self._per_second = per_second
        self._saved = 0.0
        self._at: float | None = None

    def room(self, at: float, workers: int = 1) -> int | None:
        """How many may go at this moment, where so many workers share the provider; None: any number."""
        if self._per_second is None:
            return None
        share = self._per_second / workers
        most = max(share, 1.0)
        self._saved = most if self._at is None else min(most, self._saved + share * (at - self._at))
        self._at = at
        return int(self._saved)

    def take(self, count: int) -> None:
        """So many went."""
        self._saved -= count
