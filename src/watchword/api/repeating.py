"""A write that comes again, because its answer was lost on the way, is done once and answered as the first time.

Its sender names it with an `Idempotency-Key`. What is done and what was answered are one transaction, so there is never
one without the other; of two that come at the same moment the second waits for the first. A refusal is not kept, as
nothing was done.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from watchword.api.models import Answer
from watchword.api.opening import opened
from watchword.api.problems import ProblemError
from watchword.core.clock import now
from watchword.core.encryption import keyring

KEPT_FOR = timedelta(hours=24)
"""How long an answer is kept. It may hold a PIN, so not longer than a sender would go on trying."""

_ASKED, _ANSWER = "api.asked", "api.answer"
_REQUEST_KEY = re.compile(r"[!-~]{1,255}")


def request_key(request: HttpRequest) -> str | None:
    """The sender's own name of this request, if it gives one; ProblemError (400) where it cannot be one."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _REQUEST_KEY.fullmatch(key):
        raise ProblemError(400, "An Idempotency-Key has 1 to 255 characters that can be seen, and no spaces.")
    return key


def once(request: HttpRequest, status: int, act: Callable[[], BaseModel]) -> HttpResponse:
    """What `act` gives, as JSON with this status. The same request under the same key gets the same bytes again;
    ProblemError (422) for another one."""
    key = request_key(request)
    with transaction.atomic():
        if key is None:
            return _json(status, act().model_dump_json().encode())
        asked = _asked(request)
        kept, is_new = Answer.objects.get_or_create(
            partner=opened(request).partner,
            request_key=key,
            defaults={"asked": asked, "status": status, "body": b""},
        )
        if is_new:
            body = act().model_dump_json().encode()
            Answer.objects.filter(pk=kept.pk).update(body=keyring().encrypt(body, _ANSWER))
            return _json(status, body)
    if not hmac.compare_digest(bytes(kept.asked), asked):
        raise ProblemError(422, "This Idempotency-Key was used for another request. Nothing was done.")
    return _json(kept.status, keyring().decrypt_bytes(kept.body, _ANSWER))


def forget_old_answers() -> int:
    """Answers that nobody waits for any more; how many there were."""
    return Answer.objects.filter(made_at__lt=now() - KEPT_FOR).delete()[0]


def _asked(request: HttpRequest) -> bytes:
    """Keyed: a body can be guessed that holds little but a phone number."""
    body = hashlib.sha256(request.body).hexdigest()
    return keyring().blind_index(f"{request.method} {request.path_info} {body}", _ASKED)


def _json(status: int, body: bytes) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
