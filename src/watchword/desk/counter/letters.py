"""The letter of answer. It says what this office does and by which law, and nothing of the person's record.

Where nothing is done, it does not tell even whether the person is here. What the federal office wrote itself (its
numbers and date) says which request it is.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from watchword.delivery.channels.letters.paper import weasyprint
from watchword.desk.counter.models import Decision, LawRequest
from watchword.desk.counter.sealed import opened
from watchword.law import rulebook

_SAYS = {
    ("hold", True): "This office may hold the person as you ask, within the limits that follow.",
    ("hold", False): "This office does not hold anybody past the time of their release on this request.",
    ("notify_release", True): "This office will tell you of the release.",
    ("notify_release", False): "This office does not give notice of a release on this request.",
    ("transfer", True): "This office will hand the person over.",
    ("transfer", False): "This office does not hand anybody over on this request.",
    (
        "disclose_information",
        True,
    ): "This office gives the information that you ask for, apart from this letter.",
    ("disclose_information", False): "This office does not give the information that you ask for.",
}


def letter(request: LawRequest) -> bytes:
    """The answer to a request whose every action is decided, as a PDF/UA."""
    page = render_to_string("desk/letter.html", _words(request))
    library = weasyprint()
    within = library.urls.URLFetcher(allowed_protocols=["data"])  # a letter fetches nothing
    return bytes(library.HTML(string=page, url_fetcher=within).write_pdf(pdf_variant="pdf/ua-1"))


def _words(request: LawRequest) -> dict[str, Any]:
    papers: Mapping[str, str] = opened(request.papers, "papers")
    decisions = list(request.decisions.order_by("id"))
    names = {"event_number": "Event number", "file_number": "File number", "form_date": "Dated"}
    return {
        "request": request,
        "office": settings.WATCHWORD.office_name,
        "phone": settings.WATCHWORD.office_phone,
        "sender": [part.strip() for part in settings.WATCHWORD.letter_sender.split(";") if part.strip()],
        "numbers": [(label, papers[name]) for name, label in names.items() if papers.get(name)],
        "answers": [_answer(each) for each in decisions],
        "as_asked": rulebook(request.jurisdiction).title,
        "does_nothing": not any(each.honoured for each in decisions),
        "answered_at": max(each.at for each in decisions),
    }


def _answer(decision: Decision) -> dict[str, Any]:
    answer: Mapping[str, Any] = opened(decision.answer, "answer")
    reason = answer["because"][0] if answer["because"] else {}
    return {
        "says": _SAYS[decision.action, decision.honoured],
        "law": reason.get("citation", ""),
        "version": answer["version"],
        "conditions": answer["conditions"] if decision.honoured else [],
    }
