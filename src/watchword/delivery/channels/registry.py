"""Which providers there are, and which of them this installation uses for which channel.

Each channel has a first provider and may have a second, which takes over when the first fails (delivery/health.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from watchword.core.errors import WatchwordError
from watchword.delivery.channels import Provider
from watchword.delivery.channels.anymail.names import ESPS
from watchword.delivery.channels.lob import webhook as lob
from watchword.delivery.channels.push.client import PushProvider
from watchword.delivery.channels.push.networks import parse_networks
from watchword.delivery.channels.smpp import webhook as smpp
from watchword.delivery.channels.smtp import webhook as smtp
from watchword.delivery.channels.smtp.client import SmtpProvider
from watchword.delivery.channels.twilio import webhook as twilio
from watchword.delivery.channels.twilio.client import TwilioProvider
from watchword.delivery.channels.twilio.dialects import DIALECTS, account_at
from watchword.delivery.channels.twilio.redirect import send_elsewhere
from watchword.delivery.records import Report

CHANNELS = ("text", "voice", "email", "letter", "push")
"""Every way of reaching a person."""

OPTIONAL = ("letter", "push")
"""What an office may do without."""

_MOST_PROVIDERS = 2
_PUSH_SLOTS = 50
_PUSH_SECONDS = (
    8.0  # an endpoint is asked to take a push, not to work on it; less than what health.py calls slow
)

Routes = Mapping[str, Sequence[Provider]]
"""For each channel its providers, the first one first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A provider as this house knows it, by what its folder has."""

    channels: tuple[str, ...]
    make: Callable[[Any], Provider]  # from the settings; WatchwordError where they cannot be used
    is_genuine: Callable[[HttpRequest], bool] | None = None  # whether it signed this webhook
    read_report: Callable[[str, bytes], Report] | None = (
        None  # (kind, body); ValueError where it makes no sense
    )
    send_elsewhere: Callable[[str, str], None] | None = (
        None  # a call, by the provider's id, to the TwiML at this URL; OSError where it does not go
    )


def _dialect(name: str) -> Kind:
    return Kind(
        channels=DIALECTS[name].channels,
        make=lambda environment: TwilioProvider(
            DIALECTS[name],
            account_at(name, environment),
            slots=environment.provider_concurrency,
            timeout_seconds=environment.provider_timeout_seconds,
        ),
        is_genuine=lambda request: twilio.is_genuine(name, request),
        read_report=twilio.read_report,
        send_elsewhere=partial(send_elsewhere, name),
    )


def _smtp(environment: Any) -> Provider:
    return SmtpProvider(
        url=environment.smtp_url,
        sender=environment.mail_from,
        slots=environment.smtp_connections,
        timeout_seconds=environment.provider_timeout_seconds,
        bounce_address=environment.bounce_address,
    )


def _esp(name: str) -> Kind:
    def make(environment: Any) -> Provider:
        from watchword.delivery.channels.anymail.client import AnymailProvider

        return AnymailProvider(
            name=name,
            settings=environment.anymail,
            sender=environment.mail_from,
            slots=environment.smtp_connections,
            timeout_seconds=environment.provider_timeout_seconds,
        )

    def read_report(kind: str, body: bytes) -> Report:
        from watchword.delivery.channels.anymail import webhook

        return webhook.read_report(kind, body)

    return Kind(channels=("email",), make=make, read_report=read_report)


def _smpp(environment: Any) -> Provider:
    from watchword.delivery.channels.smpp.client import SmppProvider

    return SmppProvider(
        url=environment.smpp_url,
        sender=environment.text_from,
        window=environment.smpp_window,
        binds=environment.smpp_binds,
        timeout_seconds=environment.provider_timeout_seconds,
    )


def _outbox(environment: Any) -> Provider:
    from watchword.delivery.channels.outbox.client import OutboxProvider

    return OutboxProvider(environment.letter_outbox)


def _lob(environment: Any) -> Provider:
    from watchword.delivery.channels.lob.client import LobProvider

    if environment.lob is None:
        raise WatchwordError(
            "The provider lob is to be used, but WATCHWORD_LOB does not give our account there."
        )
    return LobProvider(
        url=environment.lob.url,
        key=environment.lob.key,
        sender=environment.letter_sender,
        timeout_seconds=environment.provider_timeout_seconds,
    )


def _push(environment: Any) -> Provider:
    return PushProvider(
        slots=_PUSH_SLOTS,
        timeout_seconds=min(environment.provider_timeout_seconds, _PUSH_SECONDS),
        networks=parse_networks(environment.push_networks),
    )


KINDS: dict[str, Kind] = {
    **{name: _dialect(name) for name in DIALECTS},
    "smpp": Kind(channels=("text",), make=_smpp, read_report=smpp.read_report),
    "smtp": Kind(channels=("email",), make=_smtp, read_report=smtp.read_report),
    **{name: _esp(name) for name in ESPS},
    "push": Kind(channels=("push",), make=_push),
    "outbox": Kind(channels=("letter",), make=_outbox),
    "lob": Kind(channels=("letter",), make=_lob, is_genuine=lob.is_genuine, read_report=lob.read_report),
}


def routes() -> Routes:
    """The providers of every channel that is used, made from the settings. WatchwordError says which one is wrong."""
    made: dict[str, Provider] = {}
    return {channel: route for channel in CHANNELS if (route := route_of(channel, made))}


def route_of(channel: str, made: dict[str, Provider]) -> list[Provider]:
    """A channel's providers, the first one first, made from the settings; those in `made`, where each is put, are not
    made again. WatchwordError says what is wrong."""
    return [
        made[name] if name in made else made.setdefault(name, KINDS[name].make(settings.WATCHWORD))
        for name in names_for(channel)
    ]


def names_for(channel: str) -> list[str]:
    """The names of a channel's providers, the first one first; none where the office does without the channel.

    WatchwordError where the setting is wrong.
    """
    setting = f"WATCHWORD_{channel.upper()}_PROVIDERS"
    given: str = getattr(settings.WATCHWORD, f"{channel}_providers").strip()
    if not given and channel in OPTIONAL:
        return []
    names = [name.strip() for name in given.split(",")]
    able = sorted(name for name, kind in KINDS.items() if channel in kind.channels)
    if not set(names) <= set(able):
        raise WatchwordError(f"{setting} can name {', '.join(able)}; it says {', '.join(names)!r}.")
    if len(names) > _MOST_PROVIDERS or len(set(names)) < len(names):
        raise WatchwordError(
            f"{setting} names a first and, if you like, a second provider that is another one."
        )
    return names


def distinct(routes: Routes) -> list[Provider]:
    """Every provider once."""
    return list({id(provider): provider for each in routes.values() for provider in each}.values())


def kind_of(name: str) -> Kind | None:
    """The kind of this name; None where there is none, as of a provider that was given up."""
    return KINDS.get(name)


def is_in_use(name: str) -> bool:
    """Whether any channel of this installation uses the provider."""
    return any(name in names_for(channel) for channel in CHANNELS)
