"""What is asked at the counter. Nothing here asks for status or citizenship, and a note that says it is refused."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings

from watchword.core.clock import now
from watchword.desk.counter import wording
from watchword.desk.counter.models import LawRequest
from watchword.feeds.models import Source
from watchword.law import PLACES, Asked, asked_of, rulebook
from watchword.law.facts import Warrant
from watchword.site.forms import DayField, Line, Paragraph, PlainForm, Radios, Select

_UNKNOWN = ("", "Not known")
_ISSUERS = (
    *("none", "immigration_officer", "immigration_judge", "federal_magistrate", "article_iii_judge"),
    *("bankruptcy_judge", "state_judge"),
)
_LONGEST = 200
_MOST_ENTRIES = 6
_FIRST_LAW = datetime(2012, 3, 21)  # noqa: DTZ001 - by the clock on the wall


class Moment(forms.DateTimeField):
    """A day and a time, by the clock on the place's wall."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(
            {"type": "datetime-local", "class": "usa-input"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def to_python(self, value: Any) -> datetime | None:
        """The time as it was typed, of no zone."""
        moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


def line(label: str, hint: str = "", *, required: bool = False) -> forms.CharField:
    """One line of text."""
    said = {"required": f"{label}: please fill this in."}
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=_LONGEST,
        widget=Line(maxlength=str(_LONGEST)),
        error_messages=said,
    )


class Take(PlainForm):
    """A request as it came: the boxes of Form I-247A, and the warrant."""

    kind = forms.ChoiceField(
        label="What came?",
        choices=LawRequest.Kind.choices,
        widget=Radios(),
        error_messages={"required": "Say what came."},
    )
    office = forms.ChoiceField(label="Which office was asked?", widget=Select())
    received_at = Moment(label="When did it come?", error_messages={"required": "Say when it came."})
    asker = line("Which federal office asks?", "Such as ICE, New York field office. No names.", required=True)
    source = forms.ChoiceField(label="Which list is the person on?", required=False, widget=Select())
    person = line("The person's number on that list", "Leave both empty where no person is named.")
    release_due_at = Moment(label="When would the person go free?", required=False)
    federal_reason = forms.ChoiceField(
        label="Which reason does the form give?",
        choices=[_UNKNOWN, *LawRequest.Reason.choices],
        required=False,
        widget=Select(),
    )
    box_2 = forms.ChoiceField(
        label="Box 2 of Form I-247A: transferred here for a proceeding, and wanted back",
        choices=[("", "Not ticked"), ("ticked", "Ticked")],
        required=False,
        widget=Select(),
    )
    event_number = line("Event number")
    file_number = line("File number")
    subject_id = line("Subject ID")
    form_date = line("Date on the form")
    came_by = line("How did it come?", "Such as fax, mail, by hand")
    served = line("When and how was it served on the person?", "Leave empty if it was not.")
    issuer = forms.ChoiceField(
        label="Is there a warrant with it? Who signed it?",
        help_text="Forms I-200 and I-205 are signed by immigration officers.",
        choices=[_UNKNOWN, *((value, wording.said(value)) for value in _ISSUERS)],
        required=False,
        widget=Select(),
    )
    court = line("Court and docket of the warrant")
    response = line("Of other support: what was done?", "It goes into the quarterly summary. Name nobody.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = offices()  # type: ignore[attr-defined]
        self.fields["office"].initial = settings.WATCHWORD.law_office
        names = Source.objects.order_by("name").values_list("name", flat=True)
        self.fields["source"].choices = [("", "–"), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def clean_received_at(self) -> datetime:
        """A time since the first of these laws, and not to come."""
        at: datetime = self.cleaned_data["received_at"]
        if not _FIRST_LAW <= at <= now().replace(tzinfo=None) + timedelta(days=1):
            raise forms.ValidationError(
                "Give a time between March 2012, when the first of these laws began, and now."
            )
        return at

    def clean(self) -> None:
        """A person is named wherever the law asks about one."""
        given = self.cleaned_data
        if given.get("kind") != LawRequest.Kind.SUPPORT and not (given.get("source") and given.get("person")):
            self.add_error("person", "Say whom it is about: the list, and the person's number on it.")

    def papers(self) -> dict[str, str]:
        """What is only kept."""
        names = (
            *("box_2", "event_number", "file_number", "subject_id"),
            *("form_date", "came_by", "served", "court"),
        )
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}

    def facts(self) -> dict[str, Any]:
        """What the law may ask of it."""
        given = self.cleaned_data
        facts: dict[str, Any] = {"detainer": given["kind"] == LawRequest.Kind.DETAINER}
        if given["release_due_at"]:
            facts["release_due_at"] = given["release_due_at"].isoformat()
        if given["issuer"]:
            facts["warrant"] = {"issuer": given["issuer"]}
            if given["issuer"] == "none":
                facts["warrant"]["presented"] = "not_yet"
        return facts


class Learn(PlainForm):
    """The next facts that can still matter, each as the law says it may be."""

    def __init__(
        self, paths: Iterable[str], *args: Any, known: Mapping[str, Any] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self._known = known or {}
        for path in paths:
            self.fields[path] = _field(path, asked_of(path))
            if (value := self._known.get(path)) is not None:
                self.fields[path].initial = _as_typed(asked_of(path), value)

    def facts(self) -> dict[str, Any]:
        """What was told, by path; what was left open, or stands so already, is not among it."""
        told = {path: value for path, value in self.cleaned_data.items() if value not in ("", None)}
        plain = {path: _plain(asked_of(path), value) for path, value in told.items()}
        return {path: value for path, value in plain.items() if self._known.get(path) != value}


def known_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, by path, in the order of the law's form; of the warrant also what is not, since one may come."""
    single = ("yes_no", "choice", "number", "day", "moment")
    top = {f"facts.{name}": value for name, value in facts.items() if name != "warrant"}
    warrant = facts.get("warrant", {})
    papers = {f"facts.warrant.{name}": warrant.get(name) for name in Warrant.model_fields}
    return papers | {path: value for path, value in top.items() if asked_of(path).kind in single}


def _field(path: str, asked: Asked) -> forms.Field:
    label = wording.asked(path)
    match asked.kind:
        case "yes_no":
            choices = [_UNKNOWN, ("True", "Yes"), ("False", "No")]
        case "list":
            return _entries(path, label)
        case "choice":
            choices = [_UNKNOWN, *((value, wording.said(value)) for value in asked.choices)]
        case "day":
            return DayField(label=label, required=False, require_all_fields=False)
        case "moment":
            return Moment(label=label, required=False)
        case "number":
            return forms.IntegerField(label=label, required=False, widget=Line(inputmode="numeric"))
        case _:
            return line(label)
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=Select())


def _as_typed(asked: Asked, value: Any) -> Any:
    match asked.kind:
        case "day":
            return date.fromisoformat(value)
        case "moment":
            return datetime.fromisoformat(value)
    return str(value)


def _entries(path: str, label: str) -> forms.Field:
    """How many there are; what is to be known of each is asked next. Convictions come with their source, below."""
    is_sourced = path == "facts.convictions"
    numbers = [] if is_sourced else [(str(number), str(number)) for number in range(1, _MOST_ENTRIES + 1)]
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[_UNKNOWN, ("0", "No, none"), *numbers],
        help_text="If one is known, add it below." if is_sourced else "If so, how many?",
        widget=Select(),
    )


def _plain(asked: Asked, value: Any) -> Any:
    match asked.kind:
        case "yes_no":
            return value == "True"
        case "list":
            return [{} for _ in range(int(value))]
        case "day" | "moment":
            return value.isoformat()
    return value


class ByHand(PlainForm):
    """A conviction, typed from a paper."""

    code = line("The charge, as it is written", "Such as 160.15, 110-125.25 or VTL 1192.2", required=True)
    jurisdiction = line("In which state?", "A postal code, US or foreign", required=True)
    offence_date = DayField(label="When was it done?", required=False, require_all_fields=False)
    judgment_date = DayField(label="When was the judgment?", required=False, require_all_fields=False)
    source = line("Where is it known from?", "Such as DCJS criminal history", required=True)
    source_on = DayField(
        label="Of what day is that source?", error_messages={"required": "Give the source's day."}
    )


class FromFile(PlainForm):
    """A criminal history as a file."""

    file = forms.FileField(
        label="A criminal history (CSV)",
        help_text="With the columns code and jurisdiction, and any of offence_date, judgment_date, felony, "
        "youthful_offender, juvenile_delinquent, hate_crime, equivalent_to, predicate_felony.",
        widget=forms.FileInput({"class": "usa-file-input__input", "accept": ".csv"}),
        error_messages={"required": "Choose the file."},
    )
    source = line("Where is it from?", "Such as DCJS criminal history", required=True)
    source_on = DayField(label="Of what day is it?", error_messages={"required": "Give the source's day."})


class Decide(PlainForm):
    """A decision about one action."""

    reason = forms.CharField(
        label="Why?",
        help_text="In words that can be read by anybody. It goes into the ledger.",
        max_length=2000,
        widget=Paragraph(maxlength="2000"),
        error_messages={"required": "Say why: it goes into the ledger."},
    )


def offices() -> list[tuple[str, str]]:
    """Every office whose rules are known, as `nyc/doc`."""
    books: Mapping[str, Any] = {place: rulebook(place) for place in PLACES}
    return [
        (f"{place}/{name}", f"{book.title}: {office.title}")
        for place, book in books.items()
        for name, office in book.offices.items()
    ]
