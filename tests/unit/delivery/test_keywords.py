"""What a texted word asks for, however it is written, in each language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.delivery.keywords import KeywordError, folded, keyword, read_keywords


@pytest.mark.parametrize(
    ("body", "wish", "language"),
    [
        ("STOP", "stop", "en"),
        ("  stop. ", "stop", "en"),
        ("Stop All", "stop", "en"),
        ("opt-out!", "stop", "en"),
        ("ＳＴＯＰ", "stop", "en"),  # full width
        ("“STOP”", "stop", "en"),
        ("Please stop", "stop", "en"),
        ("¡ALTO!", "stop", "es"),
        ("no mas", "stop", "es"),
        ("退订。", "stop", "zh"),
        ("стоп", "stop", "ru"),
        ("বন্ধ করুন", "stop", "bn"),
        ("Sispann", "stop", "ht"),
        ("수신거부", "stop", "ko"),
        ("ايقاف", "stop", "ar"),  # without its hamza
        ("إيقاف", "stop", "ar"),
        ("بند کریں", "stop", "ur"),
        ("بند كریں", "stop", "ur"),  # with an Arabic kaf
        ("arret", "stop", "fr"),
        ("ARRÊT", "stop", "fr"),
        ("wylacz", "stop", "pl"),
        ("Unstop", "start", "en"),
        ("kòmanse", "start", "ht"),
        ("시작", "start", "ko"),
        ("Ayuda?", "help", "es"),
        ("ПОМОЩЬ", "help", "ru"),
        ("èd", "help", "ht"),
        ("Status", "status", "en"),
        ("¿Dónde está?", "status", "es"),
        ("YES", None, None),  # an opt-in to carriers: never a confirmation
        ("I cannot stop thinking of it", None, None),
        ("", None, None),
        ("...", None, None),
    ],
)
def test_a_word_asks_for_one_thing_however_it_is_written(
    body: str, wish: str | None, language: str | None
) -> None:
    found = keyword(body)
    assert (found and found.wish, found and found.language) == (wish, language)


def test_every_language_can_stop_start_and_ask_for_help() -> None:
    spoken = {"en", "es", "zh", "ru", "bn", "ht", "ko", "ar", "ur", "fr", "pl"}
    words = {
        "STOP ALTO 停止 СТОП থামুন SISPANN 중지 توقف روکیں ARRÊT ZATRZYMAJ": "stop",
        "START INICIAR 开始 НАЧАТЬ শুরু KÒMANSE 시작 ابدأ شروع DÉMARRER WZNÓW": "start",
        "HELP AYUDA 帮助 ПОМОЩЬ সাহায্য ÈD 도움 مساعدة مدد AIDE POMOC": "help",
        "STATUS ESTADO 状态 СТАТУС অবস্থা ESTATI 상태 الحالة حالت STATUT STAN": "status",
    }
    for line, wish in words.items():
        found = [keyword(word) for word in line.split()]
        assert {each.wish for each in found if each} == {wish}
        assert {each.language for each in found if each} == spoken


def test_a_word_for_two_things_is_refused() -> None:
    with pytest.raises(KeywordError, match="Fin is both stop and start"):
        read_keywords("stop: {fr: [FIN]}\nstart: {es: [Fin]}")


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("pin", ["４８３９２０", "٤٨٣٩٢٠", "৪৮৩৯২০", "۴۸۳۹۲۰", " 483-920. "])
def test_digits_of_any_script_are_digits(pin: str) -> None:
    assert folded(pin) == "483920"
