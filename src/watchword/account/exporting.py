"""All that we know of a registrant, for themselves: one JSON document."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from watchword.account.queries import Registered, registered
from watchword.audit.actions import record
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.delivery.ledger import ledger
from watchword.delivery.models import TestMessage
from watchword.delivery.told import Told, told
from watchword.notices.models import Notice
from watchword.registrants.asking.kept import evidence_of, note_of, sought_of
from watchword.registrants.asking.models import Request
from watchword.registrants.coming_back.models import Session
from watchword.registrants.coming_back.sessions import must_be_sure
from watchword.registrants.models import ContactPoint, Registrant, Registration, SilentTime
from watchword.registrants.muting import mutes_of
from watchword.registrants.numbers import number_of
from watchword.registrants.queries import address_of, name_of

_BY_THEM = ("registrant", "holder", "unsubscribe")
_ALL = 100_000


@transaction.atomic
def export(session: Session) -> str:
    """The document, as text. It says nothing of the office's own acts, such as protecting a person."""
    must_be_sure(session)
    registrant = session.registrant
    record("registrant", "registrant.export", f"registrant:{registrant.pk}")
    return json.dumps(_document(registrant), indent=1, ensure_ascii=False, default=str)


def _document(registrant: Registrant) -> dict[str, Any]:
    return {
        "made_at": now(),
        "office": settings.WATCHWORD.office_name,
        "number": number_of(registrant.pk),
        "name": name_of(registrant),
        "language": registrant.language,
        "time_zone": registrant.time_zone,
        "signed_up_at": registrant.created_at,
        "contacts": [_contact(point) for point in registrant.contact_points.order_by("id")],
        "silent_times": [_silent(each) for each in registrant.silent_times.order_by("id")],
        "requests": [_request(each) for each in _asked_by(registrant)],
        "registrations": [_registration(each) for each in registered(registrant.pk)],
        "other_messages": list(
            TestMessage.objects.filter(contact_point__registrant=registrant)
            .order_by("requested_at")
            .values("channel", "says", "requested_at", "sent_at", "delivered_at")
        ),
        "what_you_did": list(_entries(registrant).values("at", "actor", "action", "subject", "facts")),
    }


def _contact(point: ContactPoint) -> dict[str, Any]:
    return {
        "id": point.pk,
        "channel": point.channel,
        "address": address_of(point),
        "order": point.rung,
        "backup": point.backup,
        "messages_may_say_more": point.allows_detail,
        "voicemail_says_more": point.voicemail_says_more,
        "disguise": point.disguise,
        "text_telephone": point.tty,
        "verified_at": point.verified_at,
        "stopped_at": point.stopped_at,
        "stopped_why": point.stopped_why,
    }


def _silent(each: SilentTime) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "contact": each.contact_point_id,
        "keeps_back": each.keeps_back,
        "days": each.days,
        "starts": each.starts,
        "ends": each.ends,
        "first_day": each.first_day,
        "last_day": each.last_day,
    }


def _asked_by(registrant: Registrant) -> list[Request]:
    """Those that they made themselves: one that somebody else made for them holds what that person wrote."""
    requests = Request.objects.filter(recipients__registrant=registrant).order_by("id")
    return [
        each
        for each in requests
        if each.recipients.order_by("id").values_list("registrant", flat=True).first() == registrant.pk
    ]


def _request(request: Request) -> dict[str, Any]:
    return {
        "asked_at": request.asked_at,
        "relation": request.relation,
        "about": asdict(sought_of(request)),
        "evidence": evidence_of(request),
        "note": note_of(request),
    }


def _registration(each: Registered) -> dict[str, Any]:
    return {
        "id": each.id,
        "from": f"{each.agency}, {each.source}",
        "state": each.standing,
        "no_mail_to": list(mutes_of(each.id).values("contact_point", "since")),
        "told": [_told(one) for one in told([each.id], most=_ALL)],
    }


def _told(one: Told) -> dict[str, Any]:
    return {
        "told_at": one.told_at,
        "confirmed_at": one.confirmed_at,
        "subject": one.subject,
        "body": one.body,
        "how": [{"at": line.at, "what": line.words} for line in ledger(one.notice)],
    }


def _entries(registrant: Registrant) -> QuerySet[Entry]:
    of = {
        "registrant": [registrant.pk],
        "registration": Registration.objects.filter(registrant=registrant).values_list("id", flat=True),
        "contact_point": registrant.contact_points.values_list("id", flat=True),
        "notice": Notice.objects.filter(registration__registrant=registrant).values_list("id", flat=True),
        "request": [each.pk for each in _asked_by(registrant)],
    }
    subjects = [f"{kind}:{number}" for kind, numbers in of.items() for number in numbers]
    return Entry.objects.filter(subject__in=subjects, actor__in=_BY_THEM).order_by("id")
