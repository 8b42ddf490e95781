"""Where a carrier fetches the tones of a call to a text telephone.

The words stand in the address itself, encrypted, and good for an hour: so nobody can have other words sounded, nothing
can be read in a carrier's log, and nothing needs keeping.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from watchword.core.clock import now
from watchword.core.encryption import EncryptionError, keyring
from watchword.delivery.links import public_url
from watchword.phone.tty import tones

_CONTEXT = "phone.tones"
_GOOD_SECONDS = 3600
_MOST_CHARACTERS = 1000  # in one address: carriers take no endless ones
_TIME_BYTES = 8


def tone_urls(sentences: Sequence[str]) -> Iterator[str]:
    """Addresses that sound these sentences, one after the other."""
    together = ""
    for sentence in sentences:
        if together and len(together) + len(sentence) > _MOST_CHARACTERS:
            yield _url(together)
            together = ""
        together = f"{together}\n{sentence}" if together else sentence
    if together:
        yield _url(together)


@require_safe
def play(request: HttpRequest, token: str) -> HttpResponse:
    """The sound file. Carriers need not sign this request as they do others: the address is all there is."""
    words = _words(token)
    if words is None:
        return HttpResponseNotFound()
    return HttpResponse(tones(words), content_type="audio/wav", headers={"Cache-Control": "no-store"})


def _url(words: str) -> str:
    until = int(now().timestamp()) + _GOOD_SECONDS
    sealed = keyring().encrypt(until.to_bytes(_TIME_BYTES, "big") + zlib.compress(words.encode()), _CONTEXT)
    return f"{public_url()}/phone/tones/{urlsafe_b64encode(sealed).decode()}.wav"


def _words(token: str) -> str | None:
    try:
        opened = keyring().decrypt_bytes(urlsafe_b64decode(token.encode()), _CONTEXT)
    except (ValueError, EncryptionError):
        return None
    until, words = opened[:_TIME_BYTES], opened[_TIME_BYTES:]
    return zlib.decompress(words).decode() if int.from_bytes(until, "big") > now().timestamp() else None
