"""Providers: who takes messages over, and for which channels.

One folder a provider, the same files in each: `client` (sends, and finds again what it sent), `errors` (what its
refusals mean), `webhook` (what it tells us later, or why that is nothing), `cases` (its own answers and receipts, with
what each means: the shared tests play them to the client). What they share is in records.py and here; `registry` knows
them all. docs/howto/add-a-provider.md leads through a new one.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from watchword.delivery.records import Answer, Completed, Outbound, Result, Sought


class Provider(Protocol):
    """Somebody who takes messages over. Used inside one running event loop, between `open` and `close`."""

    @property
    def name(self) -> str:
        """Such as 'twilio'; kept with each attempt, so that the right one is asked about it."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it serves."""

    @property
    def slots(self) -> int:
        """How many hand-overs may be under way at once, on each channel; 0 while another worker serves it."""

    async def open(self) -> None:
        """Make ready."""

    async def close(self) -> None:
        """Let go of all connections."""

    async def send(self, outbound: Outbound) -> Result:
        """Hand one message over. Never raises for what the provider or the network does."""

    async def find(self, sought: Sought) -> Answer:
        """Look for a message that may have been handed over."""


async def send_all(providers: Sequence[Provider], outbounds: Sequence[Outbound]) -> list[Completed]:
    """Hand these over, all at once, each to its own provider, which is one of these."""
    named = {provider.name: provider for provider in providers}
    results = await asyncio.gather(*(named[each.provider].send(each) for each in outbounds))
    return [Completed(outbound=each, result=result) for each, result in zip(outbounds, results, strict=True)]
