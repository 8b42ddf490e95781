"""What the loft tells us: a line of JSON, with its secret as proof."""

import hmac
import json
from collections.abc import Mapping

from django.http import HttpRequest

from watchword.delivery.records import Meaning, Report

SECRET = "coo"

_WORDS: Mapping[str, Meaning] = {"flying": "handed_over", "landed": "delivered", "lost": "not_reached"}


def is_genuine(request: HttpRequest) -> bool:
    """Whether the loft sent it."""
    return hmac.compare_digest(request.headers.get("X-Loft-Secret", "").encode(), SECRET.encode())


def read_report(kind: str, body: bytes) -> Report:
    """Its word in ours; ValueError where it is no JSON object."""
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    word = str(told.get("word", "none"))
    return Report(meaning=_WORDS.get(word, "unknown"), word=word, provider_id=told.get("ring"))
