"""XML comes apart into rows by bare names, and what in it could harm is refused."""

from importlib.resources import files

import pytest

from tests.unit.feeds.rosters import RECEIVED, in_chunks, mapped, people, read
from watchword.feeds import mapping
from watchword.feeds.drafting import draft
from watchword.feeds.formats import UnreadableRosterError
from watchword.feeds.trying import try_mapping

MESSAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<vn:VictimNotification xmlns:vn="http://example.org/vn" xmlns:nc="http://release.niem.gov/niem/niem-core/3.0/"
  xmlns:j="http://release.niem.gov/niem/domains/jxdm/5.1/">
  <vn:Custody>
    <nc:Person>
      <nc:PersonBirthDate><nc:Date>1990-02-23</nc:Date></nc:PersonBirthDate>
      <nc:PersonName>
        <nc:PersonGivenName>Ana</nc:PersonGivenName><nc:PersonSurName>Reyes</nc:PersonSurName>
      </nc:PersonName>
    </nc:Person>
    <j:Booking>
      <nc:ActivityDate><nc:DateTime>2026-03-01T14:30:00-05:00</nc:DateTime></nc:ActivityDate>
      <j:BookingAgencyRecordIdentification>
        <nc:IdentificationID>B-1</nc:IdentificationID>
      </j:BookingAgencyRecordIdentification>
      <j:BookingDetentionFacility><nc:FacilityName>North Jail</nc:FacilityName></j:BookingDetentionFacility>
      <j:BookingSubject>
        <j:SubjectIdentification><nc:IdentificationID>20417</nc:IdentificationID></j:SubjectIdentification>
      </j:BookingSubject>
    </j:Booking>
    <j:Charge><j:ChargeDescriptionText>THEFT</j:ChargeDescriptionText></j:Charge>
    <j:Charge><j:ChargeDescriptionText>ASSAULT 2ND</j:ChargeDescriptionText></j:Charge>
    <j:Detention>
      <nc:SupervisionCustodyStatus>
        <nc:StatusDescriptionText>In Custody</nc:StatusDescriptionText>
      </nc:SupervisionCustodyStatus>
    </j:Detention>
  </vn:Custody>
</vn:VictimNotification>
"""

ROSTER = (
    b"<list><inmate no='1'><id>1</id><name>Reyes</name></inmate>"
    b"<inmate><id>2</id><name>Okafor</name></inmate></list>"
)
FORM = mapped(file="{kind: xml, path: list.inmate}")


def test_a_message_in_the_words_of_the_justice_standard_is_read_by_the_mapping_that_comes_along() -> None:
    text = (files("watchword.feeds") / "mappings/niem-victim-notification.yaml").read_text()
    assert read(mapping.load(text), MESSAGE)[0] == [
        {
            "person_key": "20417",
            "booking_key": "B-1",
            "last_name": "Reyes",
            "first_name": "Ana",
            "birth_date": "1990-02-23",
            "facility": "North Jail",
            "status": "in_custody",
            "booked_at": "2026-03-01T19:30:00+00:00",
            "charges": '{"ASSAULT 2ND","THEFT"}',
        }
    ]


@pytest.mark.parametrize("path", ["list.inmate", ""], ids=repr)
def test_rows_are_the_elements_at_the_path(path: str) -> None:
    form = mapped(file=f"{{kind: xml, path: '{path}'}}")
    assert people(form, ROSTER) == [("1", "Reyes"), ("2", "Okafor")]
    assert people(
        form, ROSTER.decode().join(["<?xml version='1.0' encoding='UTF-16'?>", ""]).encode("utf-16")
    ) == [
        ("1", "Reyes"),
        ("2", "Okafor"),
    ]


def test_attributes_have_an_at_before_their_names() -> None:
    assert read(mapped("{person_key: '@no'}", "{kind: xml}"), ROSTER)[0][0]["person_key"] == "1"
    form = mapped("{person_key: id.@old}", "{kind: xml}")
    assert people(form, b"<l><i><id old='7'>1</id></i></l>") == [("7", None)]


BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
HARMFUL: dict[str, tuple[bytes, str]] = {
    "entities that grow": (f'<!DOCTYPE l [<!ENTITY a0 "ha">{BILLION}]><l>&a9;</l>'.encode(), "a DOCTYPE"),
    "a file of this machine": (
        b'<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/passwd">]><l>&f;</l>',
        "a DOCTYPE",
    ),
    "a page elsewhere": (b'<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd"><l/>', "a DOCTYPE"),
    "an entity of parameters": (
        b'<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><l/>',
        "a DOCTYPE",
    ),
    "a depth without end": (
        b"<l><inmate>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</inmate></l>",
        "nested too deeply",
    ),
    "a cut file": (ROSTER[:-20], "no XML from line 1, column"),
    "another document": (b"<other/>", "begins with 'list', and it is a 'other'"),
    "no XML": (b"id,name\n1,Reyes\n", "no XML from line 1, column 1 on"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_xml_is_refused_with(name: str) -> None:
    data, why = HARMFUL[name]
    form = mapped(file="{kind: xml}") if name == "a depth without end" else FORM
    with pytest.raises(UnreadableRosterError, match=why):
        read(form, data)


def test_nothing_is_a_roster_without_rows() -> None:
    assert read(FORM, b"") == read(FORM, b"<list/>") == ([], [], 0)


def test_a_mapping_is_drafted_from_xml() -> None:
    text = draft(lambda: in_chunks(ROSTER, 1000))
    assert "format: {kind: xml, path: list.inmate}" in text
    assert try_mapping(mapping.load(text), lambda: [ROSTER], RECEIVED).people == 2
