"""What is asked on a registrant's own pages."""

from collections.abc import Collection, Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from watchword.core.clock import now, time_zones
from watchword.registrants.addresses import AddressError, normalise_email, normalise_phone
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.preferences import HIGHEST_RUNG, LONGEST_BLACKOUT
from watchword.site.forms import (
    LANDLINE,
    TTY,
    Boxes,
    ChosenPin,
    DayField,
    Digits,
    Line,
    PhoneKind,
    PlainForm,
    Radios,
    Select,
)

_EVERY_DAY = [str(day) for day in range(1, 8)]
_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)
WAKE = [
    (SilentTime.KeepsBack.ROUTINE.value, _("Wake me for all urgent news")),
    (
        SilentTime.KeepsBack.ALL_BUT_RELEASES.value,
        _("Wake me only if the person may be out: a release, an escape, a leave, or not listed any more"),
    ),
    (SilentTime.KeepsBack.ALL.value, _("Never wake me. I know that I may hear of an escape late")),
]
"""What may come through silent times."""

DISGUISES = [
    (ContactPoint.Disguise.NONE.value, _("As they are: from our office")),
    (ContactPoint.Disguise.NEWSLETTER.value, _("A newsletter with recipes")),
    (ContactPoint.Disguise.APPOINTMENT.value, _("An appointment")),
    (ContactPoint.Disguise.LIBRARY.value, _("A library")),
]
"""What an email may pretend to be."""


class SignIn(PlainForm):
    """The way in with what is on the paper."""

    number = forms.CharField(
        label=_("Registration number"),
        help_text=_("Ten digits. They were on the last page when you signed up."),
        error_messages={"required": _("Type your registration number.")},
        max_length=32,
        widget=Digits(),
    )
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("Your secret number, at least 6 digits"),
        error_messages={"required": _("Type your PIN.")},
        max_length=32,
        widget=Digits(),
    )


class Pin(PlainForm):
    pin = forms.CharField(
        label=_("Your PIN"),
        error_messages={"required": _("Type your PIN.")},
        max_length=32,
        widget=Digits(),
    )


class NewPin(PlainForm):
    asked = "pin"
    pin = ChosenPin(
        label=_("Choose a new PIN"),
        help_text=_("6 to 12 digits. Not all the same, and not in a row such as 123456."),
    )


class Code(PlainForm):
    code = forms.CharField(
        label=_("The code"),
        help_text=_("Six digits"),
        error_messages={"required": _("Type the six digits of the code.")},
        max_length=32,
        widget=Digits(),
    )


class WhichContact(PlainForm):
    """Of contacts that a code can go to."""

    def __init__(self, choices: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = forms.ChoiceField(
            label=_("Where should the code go?"),
            choices=list(choices),
            error_messages={"required": _("Choose one.")},
            widget=Radios(),
        )


class Contact(PlainForm):
    """One email address or phone number."""

    contact = forms.CharField(
        label=_("Email address or phone number"),
        help_text=_("Such as name@example.org or 202 555 0123"),
        error_messages={"required": _("Type an email address or a phone number.")},
        max_length=320,
        widget=Line(),
    )

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        try:
            return normalise_email(contact) if "@" in contact else normalise_phone(contact)
        except AddressError:
            raise forms.ValidationError(
                gettext("We cannot use this. Check it: it should look like name@example.org or 202 555 0123.")
            ) from None

    def given(self) -> dict[str, str | None]:
        """The words of `add_contact_points`."""
        contact = self.cleaned_data["contact"]
        is_email = "@" in contact
        return {"email": contact if is_email else None, "phone": None if is_email else contact}


class NewContact(Contact):
    """One more of theirs."""

    kind = PhoneKind()

    def ways(self) -> dict[str, bool]:
        """What the phone takes, in the words of `add_contact_points`."""
        kind = self.cleaned_data["kind"]
        return {"tty": kind == TTY, "calls_only": kind == LANDLINE}


class Use(PlainForm):
    """How one contact is used: what it has no say in is left out."""

    rung = forms.TypedChoiceField(
        label=_("When do we use it?"),
        help_text=_("Urgent news goes first to every contact that is first."),
        choices=[(1, _("First")), *((number, str(number)) for number in range(2, HIGHEST_RUNG + 1))],
        coerce=int,
        widget=Select(),
    )
    voicemail = forms.ChoiceField(
        label=_("What may a voicemail say?"),
        choices=[
            ("less", _("Only “Please call back”")),
            ("more", _("The name of our office, and “Please call back”")),
        ],
        widget=Radios(),
    )
    disguise = forms.ChoiceField(
        label=_("What should our emails look like in a list of emails?"),
        help_text=_("If somebody may look over your emails, they can look like something else."),
        choices=DISGUISES,
        required=False,
        widget=Radios(),
    )

    def __init__(self, point: ContactPoint, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "rung": point.rung,
            "voicemail": "more" if point.voicemail_says_more else "less",
            "disguise": point.disguise,
        }
        super().__init__(*args, **kwargs)
        if point.channel != ContactPoint.Channel.VOICE:
            del self.fields["voicemail"]
        if point.channel != ContactPoint.Channel.EMAIL:
            del self.fields["disguise"]


def _hours() -> list[tuple[str, str]]:
    return [(f"{hour:02}:00", time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]


class Hours(PlainForm):
    """Hours of some weekdays."""

    starts = forms.ChoiceField(label=_("From"), choices=_hours, initial="22:00", widget=Select())
    ends = forms.ChoiceField(
        label=_("Until"),
        help_text=_("If this is earlier than the first, it is on the next day."),
        choices=_hours,
        initial="07:00",
        widget=Select(),
    )
    days = forms.MultipleChoiceField(
        label=_("On which days do they begin?"),
        choices=[(str(number + 1), name) for number, name in WEEKDAYS.items()],
        error_messages={"required": _("Choose at least one day.")},
        initial=_EVERY_DAY,
        widget=Boxes(),
    )

    def kept(self) -> dict[str, Any]:
        """The words of `preferences.keep_quiet` and `never_safe`."""
        said = self.cleaned_data
        return {
            "starts": time.fromisoformat(said["starts"]),
            "ends": time.fromisoformat(said["ends"]),
            "days": _numbers(said["days"]),
        }


class QuietHours(Hours):
    keeps_back = forms.ChoiceField(
        label=_("And if it is urgent?"),
        choices=WAKE,
        initial=SilentTime.KeepsBack.ROUTINE.value,
        widget=Radios(),
    )


class QuietDays(PlainForm):
    """Whole days without messages."""

    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    keeps_back = forms.ChoiceField(
        label=_("And if it is urgent?"),
        choices=WAKE,
        initial=SilentTime.KeepsBack.ROUTINE.value,
        widget=Radios(),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("last_day", gettext("The last day comes before the first."))
            elif last - first >= LONGEST_BLACKOUT:
                self.add_error("last_day", gettext("At most 60 days. For a longer time, pause instead."))
            elif last < now().date():
                self.add_error("last_day", gettext("These days are over."))
        return said


class Language(PlainForm):
    """In which language, and by which clock."""

    language = forms.ChoiceField(
        label=_("Language of our messages"), choices=lambda: settings.LANGUAGES, widget=Radios()
    )

    def __init__(self, time_zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted({*_ZONES, time_zone} & time_zones())
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Where do you live? We go by that clock"),
            choices=[(zone, zone.split("/")[-1].replace("_", " ")) for zone in zones],
            widget=Select(),
        )


class Nothing(PlainForm):
    """A button alone."""


def _numbers(days: Collection[str]) -> list[int]:
    return [int(day) for day in days]
