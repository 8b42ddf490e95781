"""What happens to a registration: made, verified, paused, resumed, ended.

Each of these takes its moment in the same way: first the person's source is locked `FOR SHARE`, then the database's
clock is read. Comparing a roster locks the same row against that, so an event is recorded either wholly before or
wholly after the moment, and "was it active when the event was recorded?" has one answer.

The caller is in a transaction, and tells the registrant in the same one: `notices.actions.write_current_status`
after `register` and `verify_contact_points` (which says nothing unless the registration is active), and
`notices.actions.write_summary` after `resume`; both take `registration.entitled_from` as the occasion. Watches are
ended by `notices.actions.end_watches`, which tells of it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from watchword.audit.actions import must_say, record
from watchword.core.clock import now, time_zones
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.custody.models import HeldChange, Person, Record
from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.registrants.contacts import addresses_given, protected
from watchword.registrants.models import ContactPoint, Partner, Registrant, Registration
from watchword.registrants.partners import partner_at
from watchword.registrants.pins import hash_pin
from watchword.registrants.queries import NAME_CONTEXT
from watchword.worklist.models import Incident

WATCH_DAYS = 90
LONGEST_WATCH_DAYS = 366
"""How long a watch for somebody not yet held goes on, unless another limit is given."""

_State = Registration.State


@transaction.atomic
def register(
    *,
    source_name: str,
    person_key: str,
    email: str | None,
    phone: str | None,
    letter: str | None = None,
    tty: bool = False,
    push: str | None = None,
    language: str,
    pin: str,
    watch: bool = False,
    watch_days: int = WATCH_DAYS,
    verified: bool = False,
    by: str | None = None,
    time_zone: str | None = None,
    allows_detail: bool = False,
    name: str | None = None,
) -> Registration:
    """A new registrant who is to be told about one person.

    A phone number becomes two contact points, text and voice; one with an extension, or of a text telephone (`tty`),
    voice alone. `letter` is a postal address, its lines as `normalise_postal` takes them; `push` a place in a partner's
    system, and who gives nothing else is told by that partner, as their proxy. `verified` says that `by`, an officer,
    saw in person that the contacts are the registrant's own: the registration is then active at once. Otherwise it is
    pending, and nothing is sent to it. `watch` allows a person whom the source has never listed; the watch ends after
    `watch_days`. `time_zone` is the registrant's own, an IANA name, or else the source's.

    WatchwordError, with a sentence for whoever asked, where any of it cannot be used.
    """
    if verified and not by:
        raise WatchwordError("Who verified the contacts? Name the officer with --by.")
    if watch_days < 1:
        raise WatchwordError("A watch goes on for at least one day.")
    addresses = addresses_given(email, phone, letter, tty=tty, push=push)
    partner = partner_at(push) if push else None
    languages = [code for code, _ in settings.LANGUAGES]
    if language not in languages:
        raise WatchwordError(f"Messages can be written in these languages: {', '.join(languages)}.")
    source = _source(source_name)
    zone = time_zone or load(source.mapping).time_zone
    if zone not in time_zones():
        raise WatchwordError("That is not a time zone. Give an IANA name, such as America/New_York.")
    pin_hash = hash_pin(pin)

    moment = _moment(source.pk)
    person, listed = _person(source, person_key, watch=watch)
    registrant = make_registrant(
        addresses,
        name=name,
        language=language,
        time_zone=zone,
        pin_hash=pin_hash,
        partner=partner,
        tty=tty,
        allows_detail=allows_detail,
        verified_at=moment if verified else None,
    )
    is_proxy = all(channel == ContactPoint.Channel.PUSH for channel, _ in addresses)
    registration = Registration(
        registrant=registrant,
        person=person,
        mode=Registration.Mode.PROXY if is_proxy else Registration.Mode.DIRECT,
    )
    _begin(registration, moment, watch_days=None if listed else watch_days, verified=verified)
    _note(by or "registrant", "register", registration, verified=verified, contact_points=len(addresses))
    return registration


@transaction.atomic
def register_for(
    registrant: Registrant,
    *,
    source_name: str,
    person_key: str,
    mode: Registration.Mode,
    watch_days: int | None,
    by: str,
) -> Registration:
    """Register somebody whom we know for one more person: active at once if a contact of theirs is verified, else
    pending. `watch_days` allows a person whom the source has never listed; the watch ends after so many.
    """
    if watch_days is not None and not 1 <= watch_days <= LONGEST_WATCH_DAYS:
        raise WatchwordError(f"A watch goes on for 1 to {LONGEST_WATCH_DAYS} days.")
    source = _source(source_name)
    moment = _moment(source.pk)
    person, listed = _person(source, person_key, watch=watch_days is not None)
    own = registrant.contact_points.filter(backup=False).exclude(verified_at=None)
    registration = Registration(registrant=registrant, person=person, mode=mode)
    _begin(registration, moment, watch_days=None if listed else watch_days, verified=own.exists())
    _note(by, "register", registration)
    return registration


def make_registrant(
    addresses: list[tuple[str, str]],
    *,
    name: str | None,
    language: str,
    time_zone: str,
    pin_hash: str,
    partner: Partner | None = None,
    tty: bool = False,
    allows_detail: bool = False,
    verified_at: datetime | None = None,
) -> Registrant:
    """Somebody new, with these contact points (`addresses_given`); not registered for anybody yet.

    WatchwordError where there is no contact point at all. A `pin_hash` of '' fits no PIN: theirs is still to be set.
    """
    if not addresses:
        raise WatchwordError(
            "Give an email address, a phone number or a postal address: somebody must be reachable to be told."
        )
    registrant = Registrant.objects.create(
        name=None if name is None else keyring().encrypt(name, NAME_CONTEXT),
        pin_hash=pin_hash,
        language=language,
        time_zone=time_zone,
    )
    for channel, address in addresses:
        ContactPoint.objects.create(
            registrant=registrant,
            channel=channel,
            **protected(address),
            partner=partner if channel == ContactPoint.Channel.PUSH else None,
            tty=tty and channel == ContactPoint.Channel.VOICE,
            allows_detail=allows_detail,
            verified_at=verified_at,
        )
    return registrant


@transaction.atomic
def verify_contact_points(registration_id: int, *, by: str) -> Registration:
    """An officer saw in person that the contacts are the registrant's own: they may be used, and what was pending
    becomes active."""
    registration, moment = _locked(registration_id)
    points = ContactPoint.objects.filter(registrant_id=registration.registrant_id)
    verified = points.filter(verified_at=None).update(verified_at=moment)
    if registration.state == _State.PENDING:
        _activate(registration, moment)
        registration.save()
    _note(by, "verify_contact_points", registration, contact_points=verified)
    return registration


@transaction.atomic
def verify_contact_point(contact_point_id: int) -> list[Registration]:
    """Whoever is at this contact point has shown it: it may be used, and so may calls to the same phone. The pending
    registrations that become active by it."""
    point = ContactPoint.objects.get(pk=contact_point_id)
    same = ContactPoint.objects.filter(
        registrant=point.registrant_id, address_index=point.address_index, backup=point.backup
    )
    verified = same.filter(verified_at=None).update(verified_at=now())
    record("registrant", "contact_point.verify", f"contact_point:{point.pk}", contact_points=verified)
    if point.backup:
        return []
    pending = Registration.objects.filter(registrant=point.registrant_id, state=_State.PENDING)
    activated = []
    for number in list(pending.order_by("person__source_id", "id").values_list("id", flat=True)):
        registration, moment = _locked(number)
        if registration.state == _State.PENDING:
            _activate(registration, moment)
            registration.save()
            activated.append(registration)
    return activated


@transaction.atomic
def pause(registration_id: int, *, by: str = "registrant") -> Registration:
    """Quiet from this moment; what was recorded before it is still told. Of a withheld registration the wish is kept,
    for when it is restored; pausing any other changes nothing."""
    registration, moment = _locked(registration_id)
    match registration.state:
        case _State.ACTIVE:
            registration.state = _State.PAUSED
            _close(registration, moment)
        case _State.WITHHELD if not registration.pause_asked:
            registration.pause_asked = True
        case _:
            return registration
    registration.save()
    _note(by, "pause", registration)
    return registration


@transaction.atomic
def resume(registration_id: int, *, by: str = "registrant") -> Registration:
    """Told again from this moment; a withheld one as soon as it is restored. Resuming any other changes nothing."""
    registration, moment = _locked(registration_id)
    match registration.state:
        case _State.PAUSED:
            _activate(registration, moment)
        case _State.WITHHELD if registration.pause_asked:
            registration.pause_asked = False
        case _:
            return registration
    registration.save()
    _note(by, "resume", registration)
    return registration


@transaction.atomic
def withhold(registration_id: int, *, by: str) -> bool:
    """The person is protected: nothing more is told before the office has looked; whether that was news."""
    registration, moment = _locked(registration_id)
    if registration.state in (_State.ENDED, _State.WITHHELD):
        return False
    _close(registration, moment)
    registration.pause_asked = registration.state == _State.PAUSED
    registration.state = _State.WITHHELD
    registration.save()
    _note(by, "withhold", registration)
    return True


@transaction.atomic
def restore(registration_id: int, *, by: str, reason: str) -> Registration:
    """The office has looked: this registrant may know. Told again from this moment, if a contact is verified and they
    have not asked for a pause."""
    must_say(by, reason)
    registration, moment = _locked(registration_id)
    if registration.state != _State.WITHHELD:
        raise WatchwordError(f"Registration {registration_id} is not withheld.")
    own = ContactPoint.objects.filter(registrant_id=registration.registrant_id, backup=False)
    if not own.exclude(verified_at=None).exists():
        registration.state = _State.PENDING
    elif registration.pause_asked:
        registration.state = _State.PAUSED
    else:
        _activate(registration, moment)
    registration.pause_asked = False
    registration.save()
    _note(by, "restore", registration, reason)
    return registration


@transaction.atomic
def end(registration_id: int, *, by: str = "registrant", why: str = "registrant") -> Registration:
    """The registrant wants to be told no more, or (`why`) has handed over; what was recorded before this moment still
    is told."""
    registration, moment = _locked(registration_id)
    if registration.state != _State.ENDED:
        _end(registration, moment, why=why)
        _note(by, "end", registration)
    return registration


@transaction.atomic
def end_expired_watches() -> list[int]:
    """End every watch whose limit has passed and whose person the source has never listed; which registrations ended.

    A paused one goes on, so that the registrant can be told of the end after the quiet; so does one whose person was
    listed by what an open incident holds.
    """
    listed = Record.objects.filter(person=OuterRef("person"))
    held = HeldChange.objects.filter(person=OuterRef("person"), incident__state=Incident.State.OPEN)
    expired = Registration.objects.filter(
        ~Exists(listed), ~Exists(held), watching=True, watch_ends_at__lte=now()
    ).exclude(state=_State.PAUSED)
    sources = expired.order_by("person__source_id").values_list("person__source_id", flat=True).distinct()
    ended = []
    for source_id in list(sources):
        moment = _moment(source_id)
        for registration in expired.filter(person__source_id=source_id).select_for_update(
            no_key=True, of=("self",)
        ):
            _end(registration, moment, why="watch_limit")
            _note("system", "end", registration, "watch_limit")
            ended.append(registration.pk)
    return ended


def _source(name: str) -> Source:
    source = Source.objects.filter(name=name).first()
    if source is None:
        raise WatchwordError(
            f"There is no source called {name!r}. `watchword source list` shows those there are."
        )
    return source


def _person(source: Source, key: str, *, watch: bool) -> tuple[Person, bool]:
    """The person, and whether the source has ever listed them."""
    person = Person.objects.filter(source=source, key=key).first()
    if person is not None and Record.objects.filter(person=person).exists():
        return person, True
    if not watch:
        raise WatchwordError(
            f"{source.name} has never listed a person with this key. Check the key; or, to be told when they are "
            "first listed, register with --watch."
        )
    return Person.objects.get_or_create(source=source, key=key)[0], False


def _locked(registration_id: int) -> tuple[Registration, datetime]:
    """The registration, and the moment at which what follows happens to it."""
    person = Person.objects.filter(registration=registration_id).values_list("source_id").first()
    if person is None:
        raise WatchwordError(f"There is no registration {registration_id}.")
    moment = _moment(person[0])
    return Registration.objects.select_for_update(no_key=True).get(pk=registration_id), moment


def _moment(source_id: int) -> datetime:
    """Lock the source against a comparison under way; then the database's time, which lies after all it recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM feeds_source WHERE id = %s FOR SHARE", [source_id])
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _begin(registration: Registration, moment: datetime, *, watch_days: int | None, verified: bool) -> None:
    """A new registration; with `watch_days`, it waits that long for its person to be listed."""
    if watch_days is not None:
        registration.watching = True
        registration.watch_ends_at = moment + timedelta(days=watch_days)
    if verified:
        _activate(registration, moment)
    registration.save()


def _activate(registration: Registration, moment: datetime) -> None:
    registration.state = _State.ACTIVE
    registration.entitled = Multirange([*registration.entitled, Range(moment, None)])


def _close(registration: Registration, moment: datetime) -> None:
    """Entitled until this moment, if it was still entitled; the moments before stay as they were."""
    if registration.entitled and registration.entitled_until is None:
        *past, current = registration.entitled
        registration.entitled = Multirange([*past, Range(current.lower, moment)])


def _end(registration: Registration, moment: datetime, *, why: str) -> None:
    _close(registration, moment)
    registration.state = _State.ENDED
    registration.ended_why = why
    registration.watching = False
    registration.save()


def _note(by: str, act: str, registration: Registration, reason: str = "", **facts: int) -> None:
    record(by, f"registration.{act}", f"registration:{registration.pk}", reason, **facts)
