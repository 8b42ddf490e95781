"""The right to know: asked where the source says that it is checked, and checked by an officer."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from watchword.registrants.asking.actions import LONGEST_NOTE
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.status_wording import says_status
from watchword.site.forms import Line, Paragraph
from watchword.site.sign_up.draft import Draft
from watchword.site.sign_up.places import AskedPlace
from watchword.site.sign_up.questions import Step, radios

_RELATIONS = {
    Relation.VICTIM: _("Somebody who was harmed"),
    Relation.FAMILY: _("Family of somebody who was harmed"),
    Relation.WITNESS: _("A witness"),
    Relation.COUNSEL: _("A lawyer"),
}
_LONGEST_LINE = 200


class Right(Step):
    name = "right"
    title = _("Why may you be told?")
    template = "site/sign_up/right.html"
    case = forms.CharField(
        label=_("Case number"),
        help_text=_("A police, court or arrest number."),
        required=False,
        max_length=_LONGEST_LINE,
        widget=Line(maxlength=str(_LONGEST_LINE)),
    )
    statement = forms.CharField(
        label=_("No case number? Where is your sworn statement?"),
        help_text=_("Say which office has it, and from what day."),
        required=False,
        max_length=_LONGEST_LINE,
        widget=Line(maxlength=str(_LONGEST_LINE)),
    )
    note = forms.CharField(
        label=_("Anything else the office should know?"),
        help_text=_("You may leave this empty. Write nothing about anybody's immigration status."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=Paragraph(maxlength=str(LONGEST_NOTE)),
    )

    def prepare(self) -> None:
        relations = self.place.relations if self.place else []
        self.fields["relation"] = radios(
            *((relation, _RELATIONS[Relation(relation)]) for relation in relations),
            label=_("In this case, I am"),
            error=_("Choose who you are in this case."),
        )
        self.order_fields(["relation"])

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return place is not None and not place.is_for_anyone

    def clean(self) -> None:
        if not any(self.cleaned_data.get(name, "").strip() for name in ("case", "statement")):
            self.add_error("case", gettext("Give a case number, or say where your sworn statement is."))
        for name in ("case", "statement", "note"):
            if says_status(self.cleaned_data.get(name, "")):
                self.add_error(
                    name,
                    gettext(
                        "Please leave out anything about anybody's immigration status. We do not need it, and we "
                        "keep no note that says it. Nothing of this was saved."
                    ),
                )

    def evidence(self) -> str:
        """What an officer checks."""
        said = self.cleaned_data
        named = (("Case number", said["case"]), ("Sworn statement", said["statement"]))
        return "\n".join(f"{name}: {words.strip()}" for name, words in named if words.strip())
