"""A field is drawn with all that a screen reader needs, and a browser is asked to remember nothing."""

from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from watchword.site.forms import Boxes, DayField, Digits, Line, Paragraph, PlainForm, Radios, Select

CHOICES = [("a", "First"), ("b", "Second")]


class Everything(PlainForm):
    asked = "line"
    line = forms.CharField(label="A line", help_text="A hint", widget=Line())
    digits = forms.CharField(label="Digits", widget=Digits())
    many = forms.CharField(label="Lines", widget=Paragraph())
    select = forms.ChoiceField(label="One of many", choices=CHOICES, widget=Select())
    one = forms.ChoiceField(label="One", choices=CHOICES, widget=Radios())
    several = forms.MultipleChoiceField(label="Several", choices=CHOICES, widget=Boxes())
    day = DayField(label="A day")


def page(form: PlainForm) -> str:
    return render_to_string("site/form.html", {"form": form, "title": "A form"})


def test_each_field_has_a_label_and_where_it_is_wrong_an_error_that_is_linked_from_the_top() -> None:
    form = Everything({})
    words = page(form)
    for field in form:
        target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
        assert f'href="#{target}"' in words, "the summary leads to it"
        assert f'id="{target}"' in words, "and there it is"
        assert f'id="{field.auto_id}_error"' in words
    assert words.count("<h1>") == 1, "the label of what is asked is the heading"
    assert 'aria-describedby="id_line_helptext id_line_error"' in words
    assert 'aria-invalid="true"' in words


def test_nothing_is_asked_of_the_browser_but_to_show_it() -> None:
    words = page(Everything())
    assert "required" not in words
    assert words.count('autocomplete="off"') == 1 + 4 + 3, "the form, four fields, and three parts of a day"
    assert "usa-alert--error" not in words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(("3", "9", "1988"), date(1988, 3, 9)), (("2", "30", "1988"), None), (("x", "1", "1990"), None)],
)
def test_a_day_is_typed_as_month_day_and_year(typed: tuple[str, str, str], meant: date | None) -> None:
    form = Everything(
        {f"day_{part}": each for part, each in zip(("month", "day", "year"), typed, strict=True)}
    )
    form.full_clean()
    assert form.cleaned_data.get("day") == meant
    assert ("day" in form.errors) is (meant is None)
