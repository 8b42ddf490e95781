"""Where a carrier fetches the tones of a call to a text telephone.

The words stand in the address itself, encrypted, and good for an hour: so nobody can have other words sounded, nothing
can be read in a carrier's log, and nothing needs keeping.
"""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from watchword.delivery.links import public_url
from watchword.phone.sealed import seal, unseal
from watchword.phone.tty import tones

_CONTEXT = "phone.tones"
_MOST_CHARACTERS = 1000  # in one address: carriers take no endless ones


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
    words = unseal(token, _CONTEXT)
    if words is None:
        return HttpResponseNotFound()
    return HttpResponse(tones(words), content_type="audio/wav", headers={"Cache-Control": "no-store"})


def _url(words: str) -> str:
    return f"{public_url()}/phone/tones/{seal(words, _CONTEXT)}.wav"
