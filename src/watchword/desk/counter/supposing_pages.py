"""The page of what if: the requests that came, by the law of another day or with more offences on the list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from watchword.core.errors import WatchwordError
from watchword.desk.counter.plot import plot
from watchword.desk.counter.supposing import Compared, moved, what_if
from watchword.desk.staff.models import Staff
from watchword.law import rulebook, with_offences
from watchword.site.forms import DayField, Paragraph, PlainForm

_LONGEST = 20_000
_PLACE = "nyc"
_FILE = "the amendment"


class Suppose(PlainForm):
    """Another day, or offences that an amendment would add."""

    as_of = DayField(label="The law of which day?", required=False, require_all_fields=False)
    offences = forms.CharField(
        label="Or: which offences would an amendment add to New York City's list?",
        help_text="As YAML, written like the list itself (src/watchword/law/lists/nyc.yaml).",
        required=False,
        max_length=_LONGEST,
        widget=Paragraph(maxlength=str(_LONGEST), rows="10"),
    )


@dataclass(frozen=True, kw_only=True)
class _Seen:
    found: list[Compared]
    changed: list[Compared]


@require_safe
def what_if_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Asked by its address, so that it can be sent to a colleague; nothing is kept, and readers may ask."""
    is_asked = "offences" in request.GET
    form = Suppose(request.GET if is_asked else None)
    seen = None
    if is_asked and form.is_valid():
        try:
            seen = _try(form.cleaned_data["as_of"], form.cleaned_data["offences"])
        except WatchwordError as error:
            form.add_error("offences", str(error))
    shown: dict[str, Any] = {"staff": staff, "form": form, "title": "What if the law were another?"}
    if seen is not None:
        shown |= {"seen": seen, "plot": plot(moved(seen.found))}
    return render(request, "desk/what_if.html", shown)


def _try(as_of: date | None, offences: str) -> _Seen:
    book = with_offences(rulebook(_PLACE), offences, _FILE) if offences.strip() else None
    if book is None and as_of is None:
        raise WatchwordError("Give another day, or offences to add.")
    found = what_if(as_of=as_of, book=book)
    return _Seen(found=found, changed=[each for each in found if each.differs])
