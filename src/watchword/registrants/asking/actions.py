"""A request is made, and answered by an officer. Every answer is in the ledger, with its reason."""

from django.conf import settings
from django.db import IntegrityError, transaction

from watchword.audit.actions import must_say, record
from watchword.core.clock import now, time_zones
from watchword.core.errors import WatchwordError
from watchword.custody.models import Person
from watchword.custody.protection import is_protected
from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.feeds.receiving import source_named
from watchword.registrants import actions as registrations
from watchword.registrants.asking import kept
from watchword.registrants.asking.limits import OfficerNeededError, check_limits
from watchword.registrants.asking.models import Recipient, Relation, Request
from watchword.registrants.asking.records import Asked, ForWhom, Reached, Taken
from watchword.registrants.asking.rules import rule_of
from watchword.registrants.asking.status_wording import refuse_status
from watchword.registrants.contacts import addresses_given
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.numbers import number_of
from watchword.registrants.partners import partner_at
from watchword.registrants.pins import hash_pin, new_pin
from watchword.registrants.preferences import never_safe
from watchword.worklist.models import Task
from watchword.worklist.tasks import close_tasks

LONGEST_NOTE = 1_000
"""Characters of a note, and of the evidence."""

_MODES = {
    ForWhom.MYSELF: Registration.Mode.DIRECT,
    ForWhom.ANOTHER: Registration.Mode.THIRD_PARTY,
    ForWhom.BOTH: Registration.Mode.THIRD_PARTY,
    ForWhom.PROXY: Registration.Mode.PROXY,
}


@transaction.atomic
def ask(asked: Asked, *, by: str = "registrant") -> Taken:
    """Write the request down. Whether the person, the contact or anything else is known to us is not looked at here, so
    that neither the answer nor its time can tell. `by` is a partner whose system asks for somebody.

    The same sheet (`asked.form`) sent again is the same request, with the PIN of the last time. WatchwordError, with a
    sentence for whoever asks, where it cannot be taken whoever it is about.
    """
    source = source_named(asked.source)
    _check(asked, source)
    pin = asked.pin or new_pin()
    pin_hash = hash_pin(pin)
    try:
        with transaction.atomic():
            request = Request.objects.create(
                source=source,
                relation=asked.relation,
                watch=asked.watch,
                form=asked.form,
                **kept.closed(asked.sought, asked.evidence, asked.note),
            )
    except IntegrityError:
        return _taken_before(asked, pin, pin_hash)
    recipients = [_recipient(request, asked.reached, source, _MODES[asked.for_whom], pin_hash)]
    if asked.other is not None:
        recipients.append(_recipient(request, asked.other, source, Registration.Mode.DIRECT, ""))
    record(by, "request.ask", f"request:{request.pk}", source=source.pk, relation=asked.relation)
    return Taken(
        request=request.pk,
        recipients=tuple(each.pk for each in recipients),
        number=number_of(recipients[0].pk),
        pin=pin,
    )


@transaction.atomic
def approve(
    request_id: int,
    person_key: str,
    *,
    by: str,
    reason: str,
    watch_days: int | None = None,
    over_limit: bool = False,
) -> list[Registration]:
    """An officer has checked the right to know: the recipients are registered for the person of this number.

    Each is told once a contact of their own is verified. `watch_days` allows a person whom the source never listed,
    `over_limit` more registrations than `limits.py` does.

    The caller tells where the person stands, in the same transaction (`pipeline.tell_standing`).
    """
    must_say(by, reason)
    request = _waiting(request_id)
    person = Person.objects.filter(source=request.source, key=person_key).first()
    if person is not None and is_protected(person.pk):
        raise OfficerNeededError(
            "This person is protected: nobody new is told about them. `watchword unprotect` comes first, if that is "
            "right."
        )
    if not over_limit:
        check_limits(request, request.source_id, person_key)
    made = [
        registrations.register_for(
            recipient.registrant,
            source_name=request.source.name,
            person_key=person_key,
            mode=Registration.Mode(recipient.mode),
            watch_days=watch_days,
            by=by,
        )
        for recipient in request.recipients.select_related("registrant").order_by("id")
    ]
    _answer(
        request,
        Request.State.APPROVED,
        by,
        reason,
        registrations=[one.pk for one in made],
        over_limit=over_limit,
    )
    return made


@transaction.atomic
def refuse(request_id: int, *, by: str, reason: str) -> None:
    """An officer has found no right to know, or nobody who is meant. The reason stays in the ledger."""
    must_say(by, reason)
    _answer(_waiting(request_id), Request.State.REFUSED, by, reason)


@transaction.atomic
def withdraw(request_id: int, *, by: str) -> None:
    """Whoever asked does not want it any more. WatchwordError where it does not wait for an answer."""
    _answer(_waiting(request_id), Request.State.WITHDRAWN, by, "")


def _check(asked: Asked, source: Source) -> None:
    if asked.relation not in rule_of(source).who:
        raise WatchwordError("The office does not tell people of this relation about this place.")
    if asked.relation is not Relation.ANYONE and not asked.evidence.strip():
        raise WatchwordError(
            "Give a case number, or say where your sworn statement is: the office checks it."
        )
    if max(len(asked.evidence), len(asked.note)) > LONGEST_NOTE:
        raise WatchwordError(f"Write at most {LONGEST_NOTE} characters.")
    if (asked.for_whom is ForWhom.BOTH) != (asked.other is not None):
        raise WatchwordError("Say how the other person is reached, where both are to be told, and only then.")
    if asked.for_whom is ForWhom.PROXY and asked.reached.name:
        raise WatchwordError("Give no name: whom your organisation tells stays unnamed.")
    if asked.pin is not None and asked.for_whom is not ForWhom.MYSELF:
        raise WatchwordError("Each person you ask for has a PIN of their own, which we make.")
    for said in (asked.note, asked.evidence):
        refuse_status(said)
    for reached in (asked.reached, asked.other):
        if reached is not None and reached.language not in dict(settings.LANGUAGES):
            raise WatchwordError("We cannot write in this language yet.")
        if reached is not None and reached.time_zone and reached.time_zone not in time_zones():
            raise WatchwordError("Give a time zone by its IANA name, such as America/New_York.")


def _taken_before(asked: Asked, pin: str, pin_hash: str) -> Taken:
    request = Request.objects.get(form=asked.form)
    recipients = tuple(request.recipients.order_by("id").values_list("registrant_id", flat=True))
    Registrant.objects.filter(pk=recipients[0]).update(pin_hash=pin_hash)
    return Taken(
        request=request.pk, recipients=recipients, number=number_of(recipients[0]), pin=pin, is_new=False
    )


def _recipient(
    request: Request, reached: Reached, source: Source, mode: Registration.Mode, pin_hash: str
) -> Registrant:
    registrant = registrations.make_registrant(
        addresses_given(
            reached.email,
            reached.phone,
            tty=reached.tty,
            calls_only=reached.calls_only,
            push=reached.push,
        ),
        name=reached.name,
        language=reached.language,
        time_zone=reached.time_zone or load(source.mapping).time_zone,
        pin_hash=pin_hash,
        partner=partner_at(reached.push) if reached.push else None,
        tty=reached.tty,
    )
    # The office made sure of the partner's system when it added it; what it gets there is the partner's own setting.
    pushed = registrant.contact_points.filter(channel=ContactPoint.Channel.PUSH)
    pushed.update(verified_at=now(), allows_detail=True)
    Recipient.objects.create(request=request, registrant=registrant, mode=mode)
    _keep_safe(registrant, reached)
    return registrant


def _keep_safe(registrant: Registrant, reached: Reached) -> None:
    """What they said of who else sees or hears what comes there."""
    channels = ContactPoint.Channel
    registrant.contact_points.filter(channel=channels.EMAIL).update(disguise=reached.disguise)
    registrant.contact_points.filter(channel=channels.VOICE).update(
        voicemail_says_more=reached.voicemail_says_more
    )
    if reached.unsafe is not None:
        starts, ends = reached.unsafe
        for point in registrant.contact_points.filter(channel__in=(channels.TEXT, channels.VOICE)):
            never_safe(point.pk, starts=starts, ends=ends, by="registrant")


def _waiting(request_id: int) -> Request:
    request = (
        Request.objects.select_for_update(of=("self",)).select_related("source").filter(pk=request_id).first()
    )
    if request is None or request.state != Request.State.WAITING:
        raise WatchwordError(
            f"No request {request_id} waits for an answer. `watchword request list` shows those that do."
        )
    return request


def _answer(request: Request, state: Request.State, by: str, reason: str, **facts: object) -> None:
    request.state, request.answered_at = state, now()
    request.save(update_fields=["state", "answered_at"])
    record(by, f"request.{state}", f"request:{request.pk}", reason, **facts)
    close_tasks([f"request:{request.pk}"], by, kinds=[Task.Kind.REQUEST_SIGNS])
