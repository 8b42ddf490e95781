"""Who wants to be told, and about whom."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from watchword.custody.finding.records import Sought
from watchword.feeds.places.countries import countries_in
from watchword.registrants.asking.records import ForWhom
from watchword.site.forms import DayField, Line, Select
from watchword.site.sign_up.draft import Draft, Listed
from watchword.site.sign_up.places import AskedPlace, names_of_places
from watchword.site.sign_up.questions import Step, radios
from watchword.site.templatetags.site_words import standing

LONGEST_NAME = 200
WATCH, AGAIN = "watch", "again"
"""What may be chosen instead of somebody listed."""


class Who(Step):
    name = "who"
    asked = "for_whom"
    for_whom = radios(
        (ForWhom.MYSELF, _("Me")),
        (ForWhom.ANOTHER, _("Somebody else. I get the messages for them.")),
        (ForWhom.BOTH, _("Somebody else. We both get the messages.")),
        (ForWhom.PROXY, _("People my organization helps. We pass the word on.")),
        label=_("Who wants to be told?"),
        error=_("Choose who wants to be told."),
    )


class Place(Step):
    name = "place"
    asked = "place"

    def prepare(self) -> None:
        self.fields["place"] = radios(
            *names_of_places(),
            label=_("Who holds the person?"),
            hint=_("We mean the person you want to hear about."),
            error=_("Choose who holds the person."),
        )

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return len(names_of_places()) > 1


class Know(Step):
    name = "know"
    asked = "know"
    know = radios(
        ("number", _("Their number at the jail or the court")),
        ("name", _("Their name")),
        label=_("What do you know about the person?"),
        hint=_("We mean the person you want to hear about."),
        error=_("Choose what you know."),
    )


class ByNumber(Step):
    name = "number"
    asked = "number"
    number = forms.CharField(
        label=_("What is their number?"),
        help_text=_("A booking number or a person number. Capital letters and spaces do not matter."),
        max_length=60,
        error_messages={"required": _("Type the number.")},
        widget=Line(maxlength="60"),
    )

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return draft.said("know", "know") == "number"

    def sought(self) -> Sought:
        return Sought(number=self.cleaned_data["number"])


class ByName(Step):
    name = "name"
    title = _("What is their name?")
    template = "site/sign_up/name.html"
    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("In any order. It may be a little wrong."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Type the name.")},
        widget=Line(maxlength=str(LONGEST_NAME)),
    )
    born = DayField(label=_("Birth date"), required=False)
    age = forms.IntegerField(
        label=_("Or age"),
        help_text=_("About how old they are, in years."),
        min_value=0,
        max_value=130,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Type the age in numbers.")),
        widget=Line(**{"class": "usa-input short"}, inputmode="numeric", maxlength="3"),
    )
    country = forms.ChoiceField(label=_("Or country of birth"), required=False, widget=Select())

    def prepare(self) -> None:
        self.offer("country", [("", gettext("I do not know")), *countries_in(get_language() or "en")])

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return draft.said("know", "know") == "name"

    def clean(self) -> None:
        said = self.cleaned_data
        known = any((said.get("born"), said.get("age") is not None, said.get("country")))
        if not known and not {"born", "age", "country"} & set(self.errors):
            self.add_error("born", gettext("Give one of these: birth date, age, or country of birth."))

    def sought(self) -> Sought:
        said = self.cleaned_data
        return Sought(
            name=said["full_name"], born=said["born"], age=said["age"], birth_country=said["country"]
        )


class People(Step):
    """Whom an open source lists: only there is anything shown."""

    name = "people"
    template = "site/sign_up/people.html"

    def prepare(self) -> None:
        self.title = _("Is it one of these people?") if self.draft.listed else _("We found nobody")
        self.fields["chosen"] = radios(
            *((one.number, _shown(one)) for one in self.draft.listed),
            (WATCH, _("They are not here. Tell me if they come.")),
            (AGAIN, _("Search again")),
            label=_("Choose one"),
            error=_("Choose one of these."),
        )

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return place is not None and place.is_open


class Held(Step):
    """Asked where nothing is shown."""

    name = "held"
    asked = "held"
    held = radios(
        ("yes", _("Yes")),
        ("no", _("No, or I am not sure")),
        label=_("Is the person held there now?"),
        hint=_("If not, we can watch for them. The office must agree to that first."),
        error=_("Choose yes or no."),
    )

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return place is not None and not place.is_open


def _shown(one: Listed) -> str:
    return format_html("{} <small>{}</small>", one.name, ", ".join(map(str, _of(one))))


def _of(one: Listed) -> list[object]:
    return [each for each in (one.number, one.facility, standing(one.status)) if each]
