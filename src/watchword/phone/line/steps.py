"""The menu of the line, from its first words. docs/reference/phone-line.md is checked against it."""

from django.conf import settings

from watchword.phone.line import asking, messages, own, proving, signing_in, status, sure
from watchword.phone.line.call import Call
from watchword.phone.line.languages import languages
from watchword.phone.line.step import Go, Next, going, listed, menu, nothing
from watchword.phone.twiml import Spoken


def first(call: Call) -> Next:
    """The language, unless the office speaks one alone; then the main menu."""
    call.forget()
    return Go("language" if len(settings.LANGUAGES) > 1 else "main", [call.say("greeting")])


def _speak(call: Call, language: str) -> Next:
    call.language = language
    return Go("main")


def _main(call: Call) -> list[Spoken]:
    """What was said before is of no account any more, but for who has signed in."""
    kept = call.kept
    call.forget()
    call.keep(registrant=kept.registrant, session=kept.session, looked=kept.looked)
    return []


STEPS = {
    step.name: step
    for step in (
        listed("language", nothing, languages, _speak),
        menu(
            "main",
            _main,
            {
                "1": ("main_messages", going("messages")),
                "2": ("main_status", status.begin),
                "3": ("main_register", asking.begin),
                "4": ("main_change", own.begin),
                "5": ("main_code", proving.begin),
            },
        ),
        *messages.STEPS,
        *signing_in.STEPS,
        *status.STEPS,
        *asking.STEPS,
        *proving.STEPS,
        *own.STEPS,
        *sure.STEPS,
    )
}
"""Every step of the line, by its name."""
