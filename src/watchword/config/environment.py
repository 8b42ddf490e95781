"""Every setting of an installation: typed, documented, from the environment (or `.env` in WATCHWORD_HOME).

`watchword doctor` lists them all with the value in force; docs/reference/settings.md is made from this file.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """The settings. Each is read from `WATCHWORD_<NAME>`, but for DATABASE_URL."""

    model_config = SettingsConfigDict(env_prefix="WATCHWORD_", frozen=True)

    home: Path = Field(Path("var"), description="Where all state lives: the private PostgreSQL, raw rosters, development keys.")
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="postgresql:// address of a PostgreSQL 15 to 18; empty: a private server under WATCHWORD_HOME.",
    )
    office_name: str = Field("Notification Service", description="The office that runs this, as registrants know it.")
    office_phone: str = Field("", description="A number with a person at the other end, shown in messages.")
    http_host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    http_port: int = Field(8600, description="Port that the web server listens on.")
    public_url: str = Field("", description="Base of the links in messages and of the carriers' webhooks; empty: http://host:port.")
    smtp_url: str = Field("smtp://127.0.0.1:8625", description="Mail server, smtp://[user:password@]host:port; STARTTLS unless loopback.")
    mail_from: str = Field("notices@watchword.example", description="Sender of emails.")
    carrier_url: str = Field("http://127.0.0.1:8680", description="Base URL of the Twilio-compatible provider of texts and calls.")
    carrier_account: str = Field("", description="Account SID at that provider; empty: the development account.")
    carrier_token: str = Field("", description="Auth token at that provider; empty: the development token.")
    text_from: str = Field("+12025550100", description="Our number for texts, E.164.")
    voice_from: str = Field("+12025550100", description="Our number for calls, E.164.")
    carrier_http_port: int = Field(8680, description="Port of `watchword carrier`'s API and page.")
    carrier_smtp_port: int = Field(8625, description="Port of `watchword carrier`'s post office.")
    provider_concurrency: int = Field(200, description="Hand-overs under way at once, per provider and worker.")
    confirm_within_hours: float = Field(24, description="A notice not confirmed after this long goes to the desk.")
    call_repeat_minutes: float = Field(30, description="An unconfirmed call is made again after this long.")
    secret_key: str = Field("", description="Key of signed links and sessions; empty: the development key.")
    field_keys: str = Field("", description="Keys of encrypted fields, id:base64 comma-separated, newest first; empty: development keys.")
    blind_index_key: str = Field("", description="Key of the blind index, base64, 32 bytes; empty: development key.")
    debug: bool = Field(False, description="Django's debug pages; never on a machine that others reach.")
