"""Every setting of an installation: typed, documented, read from the environment or from `.env` in WATCHWORD_HOME.

`watchword doctor` lists them all with the value in force; docs/reference/settings.md is made from this file.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from watchword.core.errors import WatchwordError

_PREFIX = "WATCHWORD_"
_LANGUAGE = "en|es|zh|ru|bn|ht|ko|ar|ur|fr|pl"


def _secret(description: str) -> Any:
    """A setting that is empty unless given, and never shown."""
    return Field("", description=description, json_schema_extra={"secret": True})


class CarrierAccount(BaseModel):
    """An account at a carrier of texts and calls, written as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    account: str
    token: str
    signing_key: str
    application: str = ""
    text_from: str = ""
    voice_from: str = ""


class PrintShopAccount(BaseModel):
    """An account at a print shop, written as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://api.lob.com"
    key: str
    signing_key: str = ""


class Environment(BaseSettings):
    """The settings. Each is read from `WATCHWORD_<NAME>`, but for DATABASE_URL."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    home: Path = Field(
        Path("var"),
        description="Where all state lives: the private PostgreSQL, raw rosters, development keys.",
    )
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="postgresql:// address of a PostgreSQL 15 to 18; empty: a private server under WATCHWORD_HOME.",
    )
    office_name: str = Field(
        "Notification Service", description="The office that runs this, as registrants know it."
    )
    office_phone: str = Field("", description="A number with a person at the other end, shown in messages.")
    languages: str = Field(
        "en es",
        pattern=rf"^({_LANGUAGE})( ({_LANGUAGE}))*$",
        description="The languages that the office speaks and writes: codes with blanks between, its first one first: "
        "en, es, zh, ru, bn, ht, ko, ar, ur, fr, pl. `watchword languages` says which no translator has reviewed.",
    )
    leave_url: str = Field(
        "https://www.weather.gov/",
        description='Where "leave this page" goes: a public page that tells nothing.',
    )
    http_host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    http_port: int = Field(8600, ge=1, le=65535, description="Port that the web server listens on.")
    http_proxies: int = Field(
        0,
        ge=0,
        description="Proxies of our own that a request passes before the web server: the asker's address is that far "
        "from the end of X-Forwarded-For. 0: the address that connects, unless it is this machine's own.",
    )
    http_workers: int = Field(1, ge=1, description="Processes that answer web requests.")
    public_url: str = Field(
        "",
        description="Base of the links in messages and of the carriers' webhooks; empty: http://host:port.",
    )
    feed_credentials: dict[str, Any] = Field(
        {},
        description="What we show to the servers that rosters are fetched from, by source, JSON: "
        '{"harbor": {"user": "watchword", "private_key_file": "/etc/watchword/harbor"}, "airport": {"token": "..."}}; '
        "`password` is the user's or the key's.",
        json_schema_extra={"secret": True},
    )
    feed_credentials_file: Path | None = Field(
        None,
        description="A file with the same, read anew at each visit; it comes before WATCHWORD_FEED_CREDENTIALS.",
    )
    largest_roster_mib: int = Field(
        4096, ge=1, description="A roster of more MiB is not taken, whatever way it comes."
    )
    smtp_url: str = Field(
        "smtp://127.0.0.1:8625",
        description="Mail server, smtp://[user:password@]host:port; STARTTLS unless loopback. smtps:// is TLS from the "
        "start.",
    )
    mail_from: str = Field("notices@watchword.example", description="Sender of emails.")
    bounce_address: str = Field(
        "",
        max_length=200,
        pattern=r"^([^@+\s]{1,16}@[^@\s]+)?$",
        description="Where mails that cannot be delivered come back, such as bounces@example.org: a plus and a token "
        "are added, so its server must keep mail for bounces+anything. Empty: to the sender, and unread.",
    )
    bounce_imap_url: str = _secret(
        "Mailbox that they come to, imaps://user:password@host[:port][/folder], looked into every minute; empty: none."
    )
    bounce_token: str = _secret(
        "Bearer token of those who post them to /webhooks/email/bounce; empty: nobody may."
    )
    anymail: dict[str, Any] = Field(
        {},
        description="Keys of email providers, as django-anymail names its settings, JSON: "
        '{"POSTMARK_SERVER_TOKEN": "...", "WEBHOOK_SECRET": "user:password"}.',
        json_schema_extra={"secret": True},
    )
    carrier_url: str = Field(
        "http://127.0.0.1:8680",
        description="Base URL of Twilio, or of another that speaks just as it does, such as `watchword carrier`.",
    )
    carrier_account: str = Field(
        "", description="Account SID at that provider; empty: the development account."
    )
    carrier_token: str = _secret("Auth token at that provider; empty: the development token.")
    signalwire: CarrierAccount | None = Field(
        None,
        description="Account at SignalWire, JSON: `url` (https://SPACE.signalwire.com/api/laml), `account` (the "
        "project), `token`, `signing_key` (of webhooks); `text_from` and `voice_from`, if they are other numbers.",
        json_schema_extra={"secret": True},
    )
    telnyx: CarrierAccount | None = Field(
        None,
        description="Account at Telnyx, for calls, JSON: `url` (https://api.telnyx.com), `account`, `token` (the "
        "API key), `signing_key` (the account's public key), `application` (the TeXML application's id); `voice_from`.",
        json_schema_extra={"secret": True},
    )
    smpp_url: str = _secret(
        "Bind at a carrier's message centre for texts, smpp://user:password@host:port; smpps:// is TLS from the start."
    )
    smpp_window: int = Field(
        10,
        ge=2,
        description="Parts of texts that may wait for the message centre's answer at once, in each bind.",
    )
    smpp_binds: int = Field(
        1, ge=1, description="Binds that the carrier allows us, all workers together; each worker keeps one."
    )
    text_providers: str = Field(
        "twilio",
        description="Who sends texts: a first provider and, after a comma, a second that takes over when it fails.",
    )
    voice_providers: str = Field("twilio", description="Who makes calls; likewise.")
    email_providers: str = Field(
        "smtp",
        description="Who sends emails; likewise. `smtp`, or a provider that django-anymail knows, such as `postmark`.",
    )
    letter_providers: str = Field(
        "",
        description="Who prints and mails letters; likewise. `outbox`: your own mail room; `lob`: Lob. Empty: no "
        "letters.",
    )
    letter_outbox: Path | None = Field(
        None, description="Folder that `outbox` writes a PDF file to for each letter; it must be there."
    )
    lob: PrintShopAccount | None = Field(
        None,
        description="Account at Lob, JSON: `key` (the secret API key), `signing_key` (the secret of the webhook); "
        "`url`, if it is another that speaks its API.",
        json_schema_extra={"secret": True},
    )
    letter_sender: str = Field(
        "",
        description="Return address on the address page, its lines between semicolons; empty: none. It shows through "
        "the envelope, so let it say nothing that others at that address should not read. Lob wants one, with a name.",
    )
    push_providers: Literal["push", ""] = Field(
        "push", description="`push`: news goes to partners' systems too; empty: to none."
    )
    push_networks: str = Field(
        "",
        description="Networks besides public addresses that pushes may go to, such as 10.20.0.0/16 of an office behind "
        "the same firewall, or 127.0.0.0/8 for trying.",
    )
    messages_per_second: dict[str, PositiveFloat] = Field(
        {},
        description='The most that a provider is given on each channel, all workers together, JSON: {"twilio": 80}. '
        "Not named: as fast as it goes.",
    )
    calls_at_once: dict[str, Annotated[int, Field(ge=2)]] = Field(
        {},
        description='The most calls that may be under way at a provider, JSON: {"twilio": 20}. A fifth is kept free '
        "for what is urgent.",
    )
    canary: dict[Literal["text", "voice", "email", "push"], str] = Field(
        {},
        description="The office's own contacts: each hour a test goes to each of them through every provider of its "
        'channel, JSON: {"text": "+12025550199", "email": "watch@example.org", "push": "harbor-shelter"}, the last '
        "being a partner who agreed to it. Empty: no canary.",
    )
    canary_minutes: float = Field(
        15, gt=0, description="A canary not delivered after this long raises an alarm."
    )
    alarm_urls: str = Field(
        "",
        description="Where alarms go besides the worklist: addresses as Apprise writes them, space-separated, such as "
        "mailto://user:password@example.org.",
        json_schema_extra={"secret": True},
    )
    text_from: str = Field("+12025550100", description="Our number for texts, E.164.")
    voice_from: str = Field("+12025550100", description="Our number for calls, E.164.")
    carrier_host: str = Field(
        "127.0.0.1",
        description="Address that `watchword carrier` listens on. Whoever reaches its page reads every message.",
    )
    carrier_http_port: int = Field(
        8680, ge=1, le=65535, description="Port of `watchword carrier`'s API and page."
    )
    carrier_smtp_port: int = Field(
        8625, ge=1, le=65535, description="Port of `watchword carrier`'s post office."
    )
    carrier_smpp_port: int = Field(
        8675, ge=1, le=65535, description="Port of `watchword carrier`'s message centre, for texts by SMPP."
    )
    provider_concurrency: int = Field(
        200,
        ge=2,
        description="Hand-overs under way at once, per provider, channel and worker. A fifth is kept free for what is "
        "urgent.",
    )
    confirm_within_hours: float = Field(
        24, gt=0, description="A notice not confirmed after this long goes to the desk."
    )
    call_repeat_minutes: float = Field(
        30, gt=0, description="An unconfirmed call is made again after this long."
    )
    rung_minutes: float = Field(
        15,
        ge=0,
        description="Each rung of the ladder waits this long after the one before it: of immediate notices.",
    )
    routine_rung_minutes: float = Field(
        60,
        ge=0,
        description="Each contact point waits this long after the one before it: of routine notices.",
    )
    backup_minutes: float = Field(
        60, ge=0, description="A backup contact waits this long after the last of the registrant's own."
    )
    second_person_above: int = Field(
        100,
        ge=0,
        description="An incident or a correction that more notices than this hang on is decided by two persons.",
    )
    settle_seconds: float = Field(
        2,
        ge=0,
        description="A hand-over with an unknown end is asked about after this long. That the provider never got it is "
        "believed so long after its time to answer is over.",
    )
    provider_timeout_seconds: float = Field(20, gt=0, description="How long a provider may take to answer.")
    smtp_connections: int = Field(8, ge=2, description="Connections to the mail server, per worker.")
    session_minutes: float = Field(
        30, gt=0, description="A registrant who signed in on the web is signed out after this long."
    )
    session_idle_minutes: float = Field(
        10, gt=0, description="The same without a press: the phone may be in other hands by then."
    )
    law_office: str = Field(
        "nyc/doc",
        pattern=r"^(nyc/(doc|nypd|probation)|dc/doc|ca/sheriff|tx/jail|il/jail)$",
        description="Whose rules the counter for federal immigration requests begins with: nyc/doc, nyc/nypd, "
        "nyc/probation, dc/doc, ca/sheriff, tx/jail or il/jail.",
    )
    desk_hours: float = Field(
        10, gt=0, description="Staff who signed in at the desk are signed out after this long."
    )
    desk_idle_minutes: float = Field(30, gt=0, description="The same without a press.")
    secret_key: str = _secret("Key of signed links and sessions; empty: the development key.")
    field_keys: str = _secret(
        "Keys of encrypted fields, id:base64 comma-separated, newest first; empty: development keys."
    )
    blind_index_key: str = _secret(
        "Key of the blind index, base64, at least 32 bytes; empty: the development key."
    )
    demo: bool = Field(
        False,
        description="Set by `watchword demo` alone: the front page shows the way live, to this machine only.",
    )
    debug: bool = Field(False, description="Django's debug pages; never on a machine that others reach.")


def read_environment() -> Environment:
    """The settings in force. A variable of the process wins over the same one in `.env`.

    WatchwordError names each setting that is wrong, and never its value: it may be a secret.
    """
    try:
        return Environment(_env_file=settings_file())
    except ValidationError as error:
        faults = "; ".join(f"{_spoken_name(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise WatchwordError(f"Settings that cannot be used: {faults}.") from None


def settings_file() -> Path:
    """Where settings may also be written: `.env` in WATCHWORD_HOME, which itself comes from the process alone."""
    return Path(os.environ.get(f"{_PREFIX}HOME") or "var") / ".env"


def variable_name(name: str) -> str:
    """The environment variable of a setting."""
    alias = Environment.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{_PREFIX}{name.upper()}"


def is_secret(setting: FieldInfo) -> bool:
    """Whether a setting's value must never be shown."""
    return isinstance(setting.json_schema_extra, Mapping) and bool(setting.json_schema_extra.get("secret"))


def unknown_variables() -> list[str]:
    """Variables of the process that look like settings and are none, such as a misspelt one."""
    known = {variable_name(name) for name in Environment.model_fields}
    return sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)


def _spoken_name(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return variable_name(name) if name in Environment.model_fields else name.upper()
