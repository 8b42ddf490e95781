"""What the failures of a provider's API mean for a delivery, whichever provider it is.

django-anymail raises one family of exceptions for all of them. The only question that matters is whether the message
may have been taken all the same: then it is not sent again, but counted as unknown.
"""

from collections.abc import Mapping

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailInvalidAddress
from anymail.message import AnymailStatus
from requests import ConnectTimeout
from requests.exceptions import ConnectionError as RequestsConnectionError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from watchword.delivery.records import Refused, Result, Unknown

_UNAVAILABLE = 503


def refusal(error: AnymailError) -> Result:
    """What an error of a request to send means.

    A 5xx but 503 may come from a machine in front of one that has already taken the message; so may an answer that
    cannot be read, and a connection that is lost once it stood. 4xx is our own configuration or a passing fault: the
    address is not blamed for it.
    """
    if isinstance(error, AnymailInvalidAddress):
        return Refused(code="invalid_address", permanent=True)
    status = _status(error)
    if status is not None:
        if status < 300 or (status >= 500 and status != _UNAVAILABLE):
            return Unknown(code=f"http_{status}")
        return Refused(code=f"http_{status}", permanent=False, retry_after=_retry_after(error))
    if isinstance(error, AnymailAPIError) and not _never_connected(error):
        return Unknown(code=type(error.__cause__).__name__)
    return Refused(code="not_sent", permanent=False)


def refusal_of_recipient(status: AnymailStatus) -> Refused:
    """The provider took the request and refused its only recipient.

    'invalid' is no address at all. 'rejected' is one that the provider keeps on its list of those that bounced or
    complained: it will not send there, however often it is asked, until somebody takes the address off that list.
    """
    word = "invalid" if "invalid" in (status.status or ()) else "rejected"
    return Refused(code=word, permanent=True)


def _status(error: AnymailError) -> int | None:
    """The status of the answer, where one came; botocore keeps it apart (Amazon SES)."""
    if error.status_code is not None:
        return int(error.status_code)
    response = getattr(error.__cause__, "response", None)
    metadata = response.get("ResponseMetadata", {}) if isinstance(response, Mapping) else {}
    return metadata.get("HTTPStatusCode")


def _retry_after(error: AnymailError) -> float | None:
    given = getattr(error.response, "headers", {}).get("Retry-After", "")
    return float(given) if given.isdigit() else None


def _never_connected(error: AnymailError) -> bool:
    """Whether no connection came about, so that nothing was submitted."""
    cause = error.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    reason = cause.args[0] if isinstance(cause, RequestsConnectionError) and cause.args else None
    return isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
