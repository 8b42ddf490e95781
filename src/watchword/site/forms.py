"""Forms in the looks of the U.S. Web Design System, without a line of script.

`PlainForm` draws each field with its label, hint and error (templates/site/forms/), and `site/form.html` is the page
around one: the errors on top, each a link to its field, and one button. No browser is asked to remember what is typed:
it may be somebody else's.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from watchword.registrants.pins import PinError, check_pin

NOT_THE_CODE = _("That is not the code, or it is too old. After five tries, ask for a new one.")


class Renderer(DjangoTemplates):
    """Draws fields as our pages do."""

    form_template_name = "site/forms/form.html"
    field_template_name = "site/forms/field.html"


class PlainForm(forms.Form):
    """A form of ours. `asked` names the field whose label is the page's heading, where a page asks one thing."""

    asked: str | None = None
    default_renderer = Renderer()
    use_required_attribute = False  # a browser's own message may be in another language than the page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))


_UNREMEMBERED = {"autocomplete": "off", "autocorrect": "off", "autocapitalize": "off", "spellcheck": "false"}


class Line(forms.TextInput):
    """One line of text; `kind` is the keyboard that a phone shows: text, tel, email."""

    def __init__(self, kind: str = "text", **attrs: str) -> None:
        self.input_type = kind
        super().__init__({"class": "usa-input"} | _UNREMEMBERED | attrs)


class Digits(Line):
    """A few digits, large: a PIN, a code, a registration number."""

    def __init__(self, **attrs: str) -> None:
        super().__init__(**({"class": "usa-input digits", "inputmode": "numeric", "maxlength": "32"} | attrs))


class ChosenPin(forms.CharField):
    """A PIN that somebody chooses; one that is easily guessed is refused."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"required": _("Choose a PIN.")}
        super().__init__(max_length=32, widget=Digits(), error_messages=said, **kwargs)

    def clean(self, value: Any) -> str:
        pin: str = super().clean(value)
        try:
            check_pin(pin)
        except PinError:
            raise ValidationError(
                _("Choose 6 to 12 digits. Not all the same, and not in a row such as 123456.")
            ) from None
        return pin


class Paragraph(forms.Textarea):
    """Several lines of text."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"class": "usa-textarea", "rows": "4"} | _UNREMEMBERED | attrs)


class Select(forms.Select):
    """One of many, folded up."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"class": "usa-select"} | _UNREMEMBERED | attrs)


class Radios(forms.RadioSelect):
    """One of a few, each a large tile."""

    template_name = "site/forms/options.html"
    option_template_name = "site/forms/radio.html"


class Boxes(forms.CheckboxSelectMultiple):
    """Any of a few, each a large tile."""

    template_name = "site/forms/options.html"
    option_template_name = "site/forms/checkbox.html"


CELL, LANDLINE, TTY = "cell", "landline", "tty"


class PhoneKind(forms.ChoiceField):
    """What a phone takes: texts and calls, calls alone, or the tones of a text telephone."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What kind of phone is it?"),
            choices=[
                (CELL, _("A cell phone. We text and call it.")),
                (LANDLINE, _("A landline. We only call it.")),
                (TTY, _("A text telephone (TTY)")),
            ],
            initial=CELL,
            required=False,
            widget=Radios(),
        )

    def clean(self, value: Any) -> str:
        return super().clean(value) or CELL


class _DayParts(forms.MultiWidget):
    """Month, day and year, each typed."""

    template_name = "site/forms/day.html"
    use_fieldset = True

    def __init__(self) -> None:
        digits = {"inputmode": "numeric", "class": "usa-input"}
        super().__init__(
            {
                "month": Line(**digits, maxlength="2"),
                "day": Line(**digits, maxlength="2"),
                "year": Line(**digits, maxlength="4"),
            }
        )

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.month, value.day, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    """A day, typed as month, day and year: nobody should have to turn the leaves of a calendar back to 1970."""

    widget = _DayParts

    def __init__(self, **options: Any) -> None:
        parts = [forms.IntegerField(min_value=1, max_value=most) for most in (12, 31, 9999)]
        super().__init__(parts, **({"require_all_fields": True} | options))

    def clean(self, value: Any) -> date | None:
        """The day; None where nothing was typed and nothing need be."""
        words = _("Give the month, the day and the year in numbers, such as 3 9 1988.")
        try:
            day: date | None = super().clean(value)
        except (ValidationError, ValueError):
            raise ValidationError(words) from None
        return day

    def compress(self, data_list: Sequence[int]) -> date | None:
        if not data_list:
            return None
        month, day, year = data_list
        if None in (month, day, year):  # a part was left empty, where the whole may be
            raise ValueError
        return date(year, month, day)
