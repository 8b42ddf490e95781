"""A call to a text telephone: everything said is tones, and what they print says no more than a spoken call."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import PIN, phone_number, planned, registrants, release
from tests.integration.phone.calls import Step
from tests.integration.phone.test_outgoing import ring
from tests.tty import printed_by_a_tty
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Attempt
from watchword.notices.models import Notice
from watchword.phone import sealed, tones
from watchword.registrants.actions import register
from watchword.registrants.models import ContactPoint
from watchword.registrants.preferences import set_tty

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(county: County) -> Step:
    planned(release(county), 1, ["voice"], tty=True)
    return ring()


def urls(step: Step) -> list[str]:
    return [play.text or "" for play in step.root.iter("Play")]


def fetched(url: str) -> Any:
    return Client().get(urlsplit(url).path)


def printed(step: Step) -> str:
    """What the person reads, as one line."""
    said = [printed_by_a_tty(fetched(url).content) for url in urls(step)]
    return " ".join(" ".join(said).split())


def test_a_tty_prints_the_question_the_message_and_whose_turn_it_is(call: Step) -> None:
    assert not call.says
    assert printed(call).startswith("HELLO. THIS IS A NOTIFICATION SERVICE.")
    assert "ENTER YOUR PIN" in printed(call)
    assert not {"ANA", "EXAMPLE", "RELEASED"} & set(printed(call).split())
    assert " GA" in printed(call)
    message = call.press(PIN)
    assert not message.says
    assert "ANA EXAMPLE" in printed(message)
    assert Notice.objects.get().state == Notice.State.CONFIRMED
    assert printed(message.press("7")).endswith("GOODBYE. SK")


def test_a_wrong_pin_another_language_and_silence_stay_tones(call: Step) -> None:
    for step in (call.press("750318"), call.press("*"), call.wait(), call.press("9")):
        assert not step.says
        assert urls(step)
    assert "ESCRIBA" in printed(call.press("*")) or "MARQUE" in printed(call.press("*"))


def test_a_tty_taken_for_a_machine_is_asked_again(call: Step) -> None:
    Attempt.objects.update(call_outcome="voicemail")
    assert call.wait().root.find("Gather") is not None


def test_a_long_message_comes_in_several_files_that_an_address_can_hold() -> None:
    sentences = [f"Sentence {number} of a long message that goes on and on." * 4 for number in range(30)]
    made = list(tones.tone_urls(sentences))
    assert len(made) > 1
    assert max(map(len, made)) < 2000
    words = " ".join(printed_by_a_tty(fetched(url).content) for url in made)
    assert all(f"SENTENCE {number} " in words for number in range(30))


def test_the_address_says_nothing_and_is_good_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    (url,) = tones.tone_urls(["Ana Example"])
    answer = fetched(url)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "audio/wav",
        "no-store",
    )
    changed = url[:-12] + ("A" if url[-12] != "A" else "B") + url[-11:]
    for wrong in (changed, f"{public_url()}/phone/tones/x.wav", f"{public_url()}/phone/tones/AQRk.wav"):
        assert fetched(wrong).status_code == 404
    monkeypatch.setattr(sealed, "now", lambda: now() + timedelta(hours=1, seconds=1))
    assert fetched(url).status_code == 404


def test_the_offices_line_for_ttys_is_one_address_and_shows_nobody_whose_number_is_known(
    county: County,
) -> None:
    planned(release(county), 1, ["voice"], tty=True)
    spoken = Step(f"{public_url()}/phone/inbound", From=phone_number(0))
    assert spoken.says  # a number that we know as a TTY sounds like any other
    assert not urls(spoken)
    begun = Step(f"{public_url()}/phone/inbound?tty=1", From=phone_number(0))
    assert not begun.says
    assert not begun.press("750318").says


def test_a_tty_is_called_and_never_texted(county: County) -> None:
    county.person("1001")
    asked: dict[str, Any] = {
        "source_name": "harbor",
        "person_key": "1001",
        "email": None,
        "language": "en",
        "pin": PIN,
    }
    with pytest.raises(WatchwordError, match="number of the text telephone"):
        register(**asked, phone=None, tty=True)
    register(**asked, phone=phone_number(1), tty=True)
    assert list(ContactPoint.objects.values_list("channel", "tty")) == [("voice", True)]


def test_a_phone_becomes_a_tty_and_only_a_phone() -> None:
    [registrant] = registrants(1, ["voice", "email"])
    voice, email = (registrant.contact_points.get(channel=channel) for channel in ("voice", "email"))
    set_tty(voice.pk, is_tty=True, by="officer")
    voice.refresh_from_db()
    assert voice.tty
    with pytest.raises(WatchwordError, match="Only a contact point for calls"):
        set_tty(email.pk, is_tty=True, by="officer")


def test_a_test_call_to_a_tty_is_tones() -> None:
    assert Links.here().test_call("en", is_tty=True).endswith("/phone/test/en?tty=1")
    step = Step(Links.here().test_call("en", is_tty=True))
    assert not step.says
    assert "THIS IS A TEST" in printed(step)
