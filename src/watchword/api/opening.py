"""Who may use an address of the API. Nothing of a request is read before its key has been checked."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from watchword.api.keys import Opened, opened_by
from watchword.api.models import Scope
from watchword.api.problems import ProblemError
from watchword.feeds.keys import source_opened_by
from watchword.feeds.models import Source


class KeyOfPartner(HttpBearer):
    """A partner's key (`wwpk_...`) with the scope that the address names."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Opened | None:
        """Who shows it; ProblemError (403) where it is not good for this."""
        opened = opened_by(token.strip())
        if opened is not None and self.scope not in opened.scopes:
            raise ProblemError(403, f"This key is not good for this: it lacks the scope {self.scope}.")
        return opened


class KeyOfSource(HttpBearer):
    """A key (`wwsk_...`) of the source that the address names."""

    def authenticate(self, request: HttpRequest, token: str) -> Source | None:
        """The source, the same None whether there is such a source or not."""
        match = request.resolver_match
        return source_opened_by(token.strip(), match.kwargs["name"] if match else "")


def opened(request: HttpRequest) -> Opened:
    """Who makes this request, at an address that a KeyOfPartner opened."""
    who = getattr(request, "auth", None)
    if not isinstance(who, Opened):
        raise AssertionError("this address is not opened by a partner's key")
    return who
