"""A report as CSV, JSON and PDF."""

import csv
import io
import json
from dataclasses import asdict

from django.conf import settings
from django.template.loader import render_to_string

from watchword.delivery.channels.letters.paper import weasyprint
from watchword.desk.duties.records import Report


def as_csv(report: Report) -> str:
    """A line a number; what begins like a formula of a spreadsheet is made a word."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["item", "what", "number"])
    for line in report.lines:
        writer.writerow([_word(line.item), _word(line.says), "" if line.number is None else line.number])
    return text.getvalue()


def as_json(report: Report) -> str:
    """All of it, with what does not add up."""
    return json.dumps(asdict(report), default=str, ensure_ascii=False, indent=2) + "\n"


def as_pdf(report: Report) -> bytes:
    """As the office would publish it, PDF/UA."""
    page = render_to_string("desk/report.html", {"report": report, "office": settings.WATCHWORD.office_name})
    library = weasyprint()
    within = library.urls.URLFetcher(allowed_protocols=["data"])  # a report fetches nothing
    return bytes(library.HTML(string=page, url_fetcher=within).write_pdf(pdf_variant="pdf/ua-1"))


def _word(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
