"""The choice of a language, each offered in its own words and voice."""

from functools import partial

from django.conf import settings

from watchword.phone.line.call import Call
from watchword.phone.line.step import Option
from watchword.phone.prompts import prompt
from watchword.phone.twiml import Spoken


def languages(call: Call) -> list[Option]:
    """Those that the office speaks, in its order."""
    return [Option(code, partial(_offer, code)) for code, _ in settings.LANGUAGES]


def _offer(language: str, key: str) -> Spoken:
    return Spoken(language, prompt(language, "language", key=key))
