"""Sending a call that is spoken to another document of ours, while the provider waits for our answer to a webhook."""

from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from watchword.delivery.channels.twilio.dialects import DIALECTS, account_at

_TIMEOUT_SECONDS = 5.0  # the provider gives a webhook 15 at most


def send_elsewhere(name: str, call: str, url: str) -> None:
    """Have the call of this id, at the provider of this name, go on with the TwiML at `url`.

    OSError where the provider does not answer, or refuses: the call is over. (Published as "Update a Call resource".)
    """
    dialect, account = DIALECTS[name], account_at(name, settings.WATCHWORD)
    calls = account.url.rstrip("/") + dialect.path.format(account=account.account) + "/Calls"
    request = Request(  # noqa: S310 - the address that the office has set
        f"{calls}/{call}{dialect.ending}",
        data=urlencode({"Url": url, "Method": "POST"}).encode(),
        headers={"Authorization": account.authorization(dialect)},
    )
    with urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
        pass
