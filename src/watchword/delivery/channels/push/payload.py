"""What a push says: that there is news of a registration, and, where both allow it, what happened.

The facts were frozen with the notice's wording, so a push that is sent again says the same.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from watchword.core.clock import now
from watchword.core.signing import sign
from watchword.delivery.channels.push.signing import message_id
from watchword.delivery.links import Links
from watchword.delivery.models import Delivery
from watchword.registrants.addresses import split_push
from watchword.registrants.models import Partner
from watchword.registrants.partners import endpoint_of, signing_keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """A partner's endpoint, ready to be pushed to."""

    url: str
    keys: tuple[bytes, ...]
    gets_facts: bool
    may_confirm: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What a delivery tells, besides its words."""

    notice: int
    urgency: str
    created_at: datetime
    partner: Partner


class Pushes:
    """The pushes of one batch; what they share is read and decrypted once."""

    def __init__(self, deliveries: Iterable[int]) -> None:
        """These deliveries, read in one look."""
        self._news: dict[int, News] = {}
        self._endpoints: dict[int, Endpoint] = {}
        wanted = list(deliveries)
        if wanted:  # Django takes as long to find that nothing was asked for as a whole claim takes
            found = (
                Delivery.objects.filter(id__in=wanted)
                .select_related("notice", "contact_point__partner")
                .prefetch_related("contact_point__partner__secrets")
            )
            self._news = {each.pk: _news(each) for each in found}

    def endpoint(self, delivery: int) -> Endpoint:
        """Where this one goes. EncryptionError where its key is gone."""
        partner = self._news[delivery].partner
        if partner.pk not in self._endpoints:
            self._endpoints[partner.pk] = _endpoint(partner)
        return self._endpoints[partner.pk]

    def message_id(self, delivery: int) -> str:
        """What its receiver knows this one by."""
        return message_id(delivery, self._news[delivery].created_at)

    def body(self, delivery: int, address: str, facts: str | None, links: Links, language: str) -> str:
        """The payload, for the place in the partner's system that `address` names.

        `facts` are those of the notices told together, a line of JSON each between empty lines (notices/data.py); None
        where the registrant does not allow them.
        """
        news, endpoint = self._news[delivery], self.endpoint(delivery)
        data: dict[str, Any] = {
            "notice": news.notice,
            "registration": split_push(address)[1],
            "urgency": news.urgency,
            "link": links.page(delivery, language),
        }
        if endpoint.may_confirm:
            data["confirm"] = links.confirm_push(delivery)
        if endpoint.gets_facts and facts is not None:
            data["facts"] = [json.loads(line) for line in facts.split("\n\n")]
        return _written("notice.created", news.created_at, data)


@dataclass(frozen=True, kw_only=True, slots=True)
class TestPush:
    """A push that tells nothing, to see whether pushes arrive."""

    __test__ = False  # the suite's collector takes it for a test by its name

    endpoint: Endpoint
    message_id: str
    body: str


def test_push(partner: Partner, address: str, reference: UUID, at: datetime) -> TestPush:
    """A test for the place in the partner's system that `address` names."""
    return TestPush(
        endpoint=_endpoint(partner),
        message_id=f"msg_{sign('push.test', reference.int)}",
        body=_written("test", at, {"registration": split_push(address)[1]}),
    )


def _endpoint(partner: Partner) -> Endpoint:
    return Endpoint(
        url=endpoint_of(partner),
        keys=signing_keys(partner, now()),
        gets_facts=partner.gets_facts,
        may_confirm=partner.may_confirm,
    )


def _written(kind: str, at: datetime, data: dict[str, Any]) -> str:
    payload = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _news(delivery: Delivery) -> News:
    partner = delivery.contact_point.partner
    if partner is None:
        raise AssertionError("a contact point of channel push has a partner: the database sees to it")
    notice = delivery.notice
    return News(notice=notice.pk, urgency=notice.urgency, created_at=notice.created_at, partner=partner)
