"""What differs between the providers that speak Twilio's API.

Sources: Twilio "Messages resource", "Calls resource"; SignalWire "Compatibility API"; Telnyx "TeXML REST commands".
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from watchword.core.errors import WatchwordError


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One provider's way of speaking this API."""

    name: str
    channels: tuple[str, ...]
    path: str  # of an account, below the base URL
    ending: str  # of every resource's path
    authorization: Literal["basic", "bearer"]
    signature: Literal["hmac", "ed25519"]  # how webhooks are signed
    signature_header: str
    list_lags: timedelta = timedelta()  # what is not in its list after this long is not there
    unreachable: frozenset[str] = field(
        default_factory=frozenset
    )  # error codes of its own: this number never


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            name="twilio",
            channels=("text", "voice"),
            path="/2010-04-01/Accounts/{account}",
            ending=".json",
            authorization="basic",
            signature="hmac",
            signature_header="X-Twilio-Signature",
        ),
        Dialect(
            name="signalwire",
            channels=("text", "voice"),
            path="/2010-04-01/Accounts/{account}",
            ending=".json",
            authorization="basic",
            signature="hmac",
            signature_header="X-SignalWire-Signature",
        ),
        # Texts have another API there, which cannot be asked by number and time; so Telnyx serves calls alone.
        Dialect(
            name="telnyx",
            channels=("voice",),
            path="/v2/texml/Accounts/{account}",
            ending="",
            authorization="bearer",
            signature="ed25519",
            signature_header="telnyx-signature-ed25519",
            list_lags=timedelta(minutes=1),  # "eventually consistent"
            unreachable=frozenset({"10016"}),  # not a phone number in E.164
        ),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Our account at one of them."""

    url: str
    account: str
    token: str
    signing_key: str  # of webhooks: a secret shared with us, or the provider's public key in base64
    application: str  # Telnyx: the TeXML application that calls belong to; empty elsewhere
    text_from: str
    voice_from: str

    def authorization(self, dialect: Dialect) -> str:
        """The header of our requests."""
        if dialect.authorization == "bearer":
            return f"Bearer {self.token}"
        return "Basic " + b64encode(f"{self.account}:{self.token}".encode()).decode()


def account_at(name: str, environment: Any) -> Account:
    """Our account at this provider, from the settings. WatchwordError where the settings do not give it."""
    if name == "twilio":
        return Account(
            url=environment.carrier_url,
            account=environment.carrier_account,
            token=environment.carrier_token,
            signing_key=environment.carrier_token,
            application="",
            text_from=environment.text_from,
            voice_from=environment.voice_from,
        )
    given = getattr(environment, name)
    if given is None:
        raise WatchwordError(
            f"The provider {name} is to be used, but WATCHWORD_{name.upper()} does not give our account there."
        )
    return Account(
        url=given.url,
        account=given.account,
        token=given.token,
        signing_key=given.signing_key,
        application=given.application,
        text_from=given.text_from or environment.text_from,
        voice_from=given.voice_from or environment.voice_from,
    )
