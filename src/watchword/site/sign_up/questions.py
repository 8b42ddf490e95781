"""What every page of questions has: its form, its heading, and whether it is asked at all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast

from django import forms
from django.utils.datastructures import MultiValueDict

from watchword.registrants.asking.records import ForWhom
from watchword.site.forms import PlainForm, Radios
from watchword.site.sign_up.draft import Draft
from watchword.site.sign_up.places import AskedPlace

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
"""Words of a page, translated when they are shown."""


class Step(PlainForm):
    """One page of questions. `title` is its heading where no single field `asked` is."""

    name: ClassVar[str]
    title: Words = ""
    template: ClassVar[str] = "site/sign_up/step.html"

    def __init__(self, draft: Draft, place: AskedPlace | None, data: Mapping[str, Any] | None = None) -> None:
        """With `data`, what was just typed; else what was answered when the page was there before."""
        before = draft.answers.get(self.name)
        super().__init__(MultiValueDict(before) if data is None and before else data, auto_id="id_%s")
        self.draft, self.place = draft, place
        self.prepare()

    def prepare(self) -> None:
        """Make the choices that hang on what was answered before."""

    def offer(self, field: str, choices: Sequence[tuple[str, Words]]) -> None:
        """Give a field its choices, which hang on the language or on what was answered before."""
        cast("forms.ChoiceField", self.fields[field]).choices = choices

    @classmethod
    def is_asked(cls, draft: Draft, place: AskedPlace | None) -> bool:
        """Whether this page comes at all."""
        return True

    def heading(self) -> Words:
        """What the page is called."""
        return self[self.asked].label if self.asked else self.title

    def typed(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """Of what came with the page, the answers to its questions."""
        sent = data if isinstance(data, MultiValueDict) else MultiValueDict(data)
        return {key: sent.getlist(key) for key in sent if self._is_ours(key)}

    def _is_ours(self, key: str) -> bool:
        return any(key == name or key.startswith(f"{name}_") for name in self.fields)


def radios(*choices: tuple[str, Words], label: Words, error: Words, hint: Words = "") -> forms.ChoiceField:
    """One of these, which must be chosen."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=Radios(),
        error_messages={"required": error, "invalid_choice": error},
    )


def is_for_others(draft: Draft) -> bool:
    """Whether somebody signs up for somebody else."""
    return draft.said("who", "for_whom") != ForWhom.MYSELF
