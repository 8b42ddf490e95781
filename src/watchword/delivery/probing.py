"""How much a provider is given while it is taken for ill, to see whether it is back, and to send what it can take.

Values and rules alone, as in health.py: times are seconds of whatever clock the caller keeps.
"""

from watchword.delivery.health import Outcome

FIRST_REST, LONGEST_REST = 1.0, 5.0
"""Seconds without any message after the only one failed: doubled with each failure."""


class Probing:
    """One message at first; one more at once with each that goes well, half as many with each that does not.

    So a provider that is down is left alone but for a message now and then, one that takes two of three is given a few
    at a time, and one that is back has all its places within moments, long before it is found well.
    """

    def __init__(self) -> None:
        """Begin with one message, now."""
        self._places = 1.0
        self._rest = FIRST_REST
        self._rests_until: float | None = None

    def places(self, at: float) -> int:
        """How many messages may be under way at this moment."""
        if self._rests_until is not None and at < self._rests_until:
            return 0
        return int(self._places)

    @property
    def goes_well(self) -> bool:
        """Whether more than one may be under way, because others went well."""
        return self._places >= 2.0

    def ended(self, at: float, outcome: Outcome) -> None:
        """A message ended so."""
        if outcome is Outcome.SUCCESS:
            self._places += 1.0
            self._rest = FIRST_REST
        elif self.goes_well:
            self._places /= 2.0
        else:
            self._rests_until = at + self._rest
            self._rest = min(2.0 * self._rest, LONGEST_REST)
