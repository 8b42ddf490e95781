"""How, when and in which words somebody is reached."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.formats import time_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from watchword.registrants.addresses import (
    AddressError,
    normalise_email,
    normalise_phone,
    split_extension,
)
from watchword.registrants.asking.records import ForWhom, Reached
from watchword.registrants.models import ContactPoint
from watchword.site.forms import LANDLINE, TTY, ChosenPin, Line, PhoneKind, Select
from watchword.site.sign_up.draft import Draft
from watchword.site.sign_up.places import AskedPlace
from watchword.site.sign_up.questions import Step, Words, radios

ZONES = {
    "America/New_York": _("Eastern"),
    "America/Chicago": _("Central"),
    "America/Denver": _("Mountain"),
    "America/Phoenix": _("Arizona"),
    "America/Los_Angeles": _("Pacific"),
    "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"),
    "America/Puerto_Rico": _("Puerto Rico"),
}
"""Time zones that people choose from; whoever lives elsewhere tells the office."""

_LONGEST_ADDRESS = 254


def _phone_field(words: Words, hint: Words) -> forms.CharField:
    widget = Line("tel", maxlength="40")
    return forms.CharField(label=words, help_text=hint, required=False, max_length=40, widget=widget)


def _email_field(words: Words, hint: Words) -> forms.CharField:
    widget = Line("email", maxlength=str(_LONGEST_ADDRESS))
    return forms.CharField(
        label=words, help_text=hint, required=False, max_length=_LONGEST_ADDRESS, widget=widget
    )


class _Addresses(Step):
    """A phone, an email, or both."""

    def clean_phone(self) -> str:
        given: str = self.cleaned_data["phone"]
        if not given:
            return ""
        try:
            phone = normalise_phone(given)
        except AddressError:
            raise forms.ValidationError(
                gettext("We cannot use this phone number. Type it with its area code, such as 202 555 0123.")
            ) from None
        if split_extension(phone)[1] and self.is_texted():
            raise forms.ValidationError(gettext("Give a phone that gets texts, without an extension."))
        return phone

    def is_texted(self) -> bool:
        """Whether the phone is to take texts."""
        return True

    def clean_email(self) -> str:
        given: str = self.cleaned_data["email"]
        if not given:
            return ""
        try:
            return normalise_email(given)
        except AddressError:
            raise forms.ValidationError(
                gettext("We cannot use this email address. It should look like name@example.org.")
            ) from None

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data["phone"] and not self.cleaned_data["email"]:
            self.add_error("phone", gettext("Give a phone number or an email address."))


class Contacts(_Addresses):
    name = "contacts"
    title = _("Where should we send messages?")
    template = "site/sign_up/contacts.html"
    phone = _phone_field(_("Phone"), _("Choose one that only you can see and hear."))
    kind = PhoneKind()
    email = _email_field(_("Email"), _("Choose one that only you can read."))
    called = forms.CharField(
        label=_("Your name"),
        help_text=_("For the officer who looks at this. You may leave it empty."),
        required=False,
        max_length=200,
        widget=Line(maxlength="200"),
    )

    def prepare(self) -> None:
        for_anyone = self.place is not None and self.place.is_for_anyone
        if for_anyone or self.draft.said("who", "for_whom") == ForWhom.PROXY:
            del self.fields["called"]

    def is_texted(self) -> bool:
        return self.data.get("kind") not in (LANDLINE, TTY)


class Other(_Addresses):
    """The one they ask for, where both are told."""

    name = "other"
    title = _("How do we reach the other person?")
    template = "site/sign_up/other.html"
    phone = _phone_field(_("Their phone"), _("Only if it is safe: nobody else should see it."))
    email = _email_field(_("Their email"), _("Only if it is safe: nobody else should read it."))
    language = radios(label=_("Their language"), error=_("Choose a language."))

    def prepare(self) -> None:
        self.offer("language", settings.LANGUAGES)

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        return draft.said("who", "for_whom") == ForWhom.BOTH

    def clean(self) -> None:
        super().clean()
        own = Contacts(self.draft, self.place)
        mine = {own.cleaned_data[name] for name in ("phone", "email")} - {""} if own.is_valid() else set()
        if not self.errors and mine & {self.cleaned_data["phone"], self.cleaned_data["email"]}:
            self.add_error("phone", gettext("This is your own contact. Give one of the other person."))

    def reached(self) -> Reached:
        said = self.cleaned_data
        return Reached(email=said["email"] or None, phone=said["phone"] or None, language=said["language"])


class Safety(Step):
    name = "safety"
    title = _("Is it safe to reach you there?")
    template = "site/sign_up/safety.html"
    starts = forms.ChoiceField(label=_("From"), required=False, widget=Select())
    ends = forms.ChoiceField(label=_("Until"), required=False, widget=Select())
    zone = forms.ChoiceField(label=_("Your time zone"), required=False, widget=Select())
    voicemail = radios(
        ("less", _("Only: please call back")),
        ("more", _("Also the name of our office")),
        label=_("What may a voicemail say?"),
        hint=_("It never says who the message is about."),
        error=_("Choose what a voicemail may say."),
    )
    disguise = radios(
        ("", _("From our office")),
        (ContactPoint.Disguise.NEWSLETTER, _("A newsletter")),
        (ContactPoint.Disguise.APPOINTMENT, _("An appointment")),
        (ContactPoint.Disguise.LIBRARY, _("A note from a library")),
        label=_("What should our emails look like from outside?"),
        hint=_("If somebody may look at your mailbox, let them look like something else."),
        error=_("Choose what they look like."),
    )
    of_the_phone: ClassVar = ("starts", "ends", "zone", "voicemail")

    def prepare(self) -> None:
        hours = [("", gettext("No such hours")), *_hours()]
        self.offer("starts", hours)
        self.offer("ends", hours)
        self.offer("zone", _zones(self.place))
        self.initial = {"voicemail": "less", "disguise": ""}
        self.fields["disguise"].required = False
        if not self.draft.said("contacts", "phone"):
            for name in self.of_the_phone:
                del self.fields[name]
        if not self.draft.said("contacts", "email"):
            del self.fields["disguise"]

    def clean(self) -> None:
        said = self.cleaned_data
        if bool(said.get("starts")) != bool(said.get("ends")):
            self.add_error("starts", gettext("Choose both hours, or none."))
        elif said.get("starts") and said["starts"] == said["ends"]:
            self.add_error("starts", gettext("These hours take up the whole day. Choose others."))

    def ways(self) -> dict[str, Any]:
        """What it says of how one is reached, in the words of `Reached`."""
        said = self.cleaned_data
        unsafe = (time(int(said["starts"])), time(int(said["ends"]))) if said.get("starts") else None
        return {
            "time_zone": said.get("zone") or None,
            "unsafe": unsafe,
            "voicemail_says_more": said.get("voicemail") == "more",
            "disguise": ContactPoint.Disguise(said.get("disguise", "")),
        }


class Language(Step):
    """The last page: after it the request is made."""

    name = "language"
    title = _("Your language and PIN")
    language = radios(label=_("Messages come in"), error=_("Choose a language."))
    pin = ChosenPin(
        label=_("Choose a PIN"),
        help_text=_(
            "6 to 12 digits, not in a row such as 123456. You need it to read messages and to come back."
        ),
    )

    def prepare(self) -> None:
        self.offer("language", settings.LANGUAGES)
        self.initial = {"language": get_language()}
        if self.draft.said("who", "for_whom") != ForWhom.MYSELF:
            self.title = _("Your language")
            del self.fields["pin"]


def _hours() -> list[tuple[str, str]]:
    return [(str(hour), time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]


def _zones(place: AskedPlace | None) -> list[tuple[str, Words]]:
    """The usual ones, the source's own first: most live near it."""
    own = place.time_zone if place else ""
    first = [own] if own else []
    return [(zone, ZONES.get(zone, zone)) for zone in dict.fromkeys([*first, *ZONES])]
