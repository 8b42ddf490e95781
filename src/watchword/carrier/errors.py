"""The refusals of the providers' APIs, with Twilio's and Lob's own codes, words and JSON bodies; and of partners."""

import json

from aiohttp import web

_REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "{detail}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required and must be an absolute http or https URL."),
    21211: (400, "Invalid 'To' Phone Number: {number}"),
    21212: (400, "Invalid 'From' Number (caller ID): {number}"),
    21213: (400, "No 'From' number is specified"),
    21220: (400, "Invalid call state: call {sid} is {status}."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL {url} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
}


_LOB_REFUSALS: dict[str, tuple[int, str]] = {
    "invalid": (422, "{detail}"),
    "failed_deliverability_strictness": (422, "the address provided does not meet your strictness settings"),
    "unauthorized": (401, "your API key is not valid"),
    "not_found": (404, "letter not found"),
    "rate_limit_exceeded": (429, "rate limit exceeded"),
    "internal_server_error": (500, "an error has occurred on our servers"),
}


class Refusal(Exception):  # noqa: N818 (an answer, not a fault)
    """A request that a provider refuses."""

    def response(self) -> web.Response:
        """The refusal as this provider writes it."""
        raise NotImplementedError


class ApiError(Refusal):
    """A request that the provider of texts and calls refuses: Twilio's code, and what its message names."""

    def __init__(self, code: int, **values: str) -> None:
        self.code = code
        self.status, message = _REFUSALS[code]
        self.message = message.format(**values)
        super().__init__(self.message)

    def response(self) -> web.Response:
        """The refusal as Twilio writes it."""
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if self.status == 401 else None
        return web.Response(
            text=json.dumps(body), status=self.status, headers=headers, content_type="application/json"
        )


class LobError(Refusal):
    """A letter that the print shop refuses: Lob's code, and what its message names."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = code
        self.status, message = _LOB_REFUSALS[code]
        self.message = message.format(**values)
        super().__init__(self.message)

    def response(self) -> web.Response:
        """The refusal as Lob writes it."""
        body = {"error": {"message": self.message, "status_code": self.status, "code": self.code}}
        return web.Response(text=json.dumps(body), status=self.status, content_type="application/json")


class PushError(Refusal):
    """A push that another office's system refuses: a status, and no words."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))

    def response(self) -> web.Response:
        """The status alone."""
        return web.Response(status=self.status)
