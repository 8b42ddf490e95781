"""Providers: who takes messages over, and for which channels.

One folder a provider, the same files in each: `client` (sends, and finds again what it sent), `errors` (what its
refusals mean), `webhook` (what it tells us later, where it does). What they share is in records.py and here.
"""

from typing import Protocol

from watchword.delivery.records import Answer, Outbound, Result, Sought


class Provider(Protocol):
    """Somebody who takes messages over. Used inside one running event loop, between `open` and `close`."""

    @property
    def name(self) -> str:
        """Such as 'twilio'; in logs."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it serves."""

    @property
    def slots(self) -> int:
        """How many hand-overs may be under way at once."""

    async def open(self) -> None:
        """Make ready."""

    async def close(self) -> None:
        """Let go of all connections."""

    async def send(self, outbound: Outbound) -> Result:
        """Hand one message over. Never raises for what the provider or the network does."""

    async def find(self, sought: Sought) -> Answer:
        """Look for a message that may have been handed over."""
