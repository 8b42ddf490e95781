"""A provider in a lane: how much it may be given at this moment.

Urgent words find a free place, always: a fifth of every provider's slots (and of the calls it may have under way) is
kept free for them.
"""

import math
from collections.abc import Sequence

from django.conf import settings

from watchword.delivery.channels import Provider
from watchword.delivery.claims import Room
from watchword.delivery.health import Tally
from watchword.delivery.pace import Pace, reserve
from watchword.delivery.probing import Probing
from watchword.delivery.records import Outbound


class Line:
    """One provider of a lane: what is under way there, how fast it may go, and how it was of late."""

    def __init__(self, provider: Provider, channel: str) -> None:
        """Nothing was given to it yet."""
        self.provider = provider
        self.tally = Tally()
        self.probing = Probing()  # since nobody carries the channel
        self.asked_at = -math.inf  # when it was last given something
        self.urgent = self.routine = 0  # claimed and not yet written down
        self._calls_at_once = (
            settings.WATCHWORD.calls_at_once.get(provider.name) if channel == "voice" else None
        )
        self._pace = Pace(settings.WATCHWORD.messages_per_second.get(provider.name))

    def room(self, share: float, at: float, workers: int) -> Room:
        """How much more it may be given now, of which kind."""
        # A provider without slots is served by another worker.
        slots = max(1, round(self.provider.slots * share)) if self.provider.slots else 0
        free = slots - self.urgent - self.routine
        routine = max(1, slots - reserve(slots)) - self.routine
        paced = self._pace.room(at, workers)
        return Room(
            free=free if paced is None else min(free, paced),
            routine=routine,
            calls_at_once=self._calls_at_once,
        )

    def began(self, outbounds: Sequence[Outbound], at: float) -> None:
        """These are under way."""
        self.asked_at = at
        self._pace.take(len(outbounds))
        urgent = sum(out.urgent for out in outbounds)
        self.urgent += urgent
        self.routine += len(outbounds) - urgent

    def ended(self, outbound: Outbound) -> None:
        """This one is written down."""
        if outbound.urgent:
            self.urgent -= 1
        else:
            self.routine -= 1
