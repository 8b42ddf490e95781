"""Promise 5: wording about immigration holds and status is dropped, crimes and places are kept.

Invented wordings of the kinds that county rosters use.
"""

import pytest

from tests.unit.feeds.rosters import mapped, read
from watchword.feeds.fields import FIELDS, Kind

HOLDS = """
ICE HOLD | HOLD FOR ICE | ice hold | Hold: ICE Dallas | HOLD-ICE | ICE/HOLD | ICE_HOLD | ICEHOLD | ICE  -  HOLD
IMMIGRATION DETAINER | DETAINER - IMMIGRATION (ICE) | DETAINER ICE | FEDERAL DETAINER (ICE) | IMMIG HOLD | IMM HOLD
I-247 | I247A | I-247D FORM | FORM I 247 | I-200 WARRANT | 287(g) | 287G HOLD | INA 236 | 8 U.S.C. 1357(d)
U.S. ICE DETAINER | US ICE HOLD | I.C.E. HOLD | BICE HOLD | ERO HOLD | DHS DETAINER | DHS/ICE HOLD | CBP HOLD
INS HOLD | HOLD INS | HOLD FOR INS | BORDER PATROL HOLD | HOLD - US BORDER PATROL | HOMELAND SECURITY HOLD
ICE ADMINISTRATIVE WARRANT | WARRANT - ICE | HOLD FOR IMMIGRATION AND CUSTOMS ENFORCEMENT | HOLD FOR US MARSHAL/ICE
DETAINER LODGED BY DHS | NOTIFY ICE DETAINER REQUEST | IMMIGRATION HOLD - FEDERAL | 8 USC 1226 HOLD
RETENCION ICE | Retención de Inmigración | ORDEN DE INMIGRACION | ＩＣＥ ＨＯＬＤ | ASSAULT 2 / ICE HOLD
"""
STATUS = """
ICE | I.C.E. | INS | IMMIGRATION | US IMMIGRATION | ICE-ERO | IMMIGRATION & CUSTOMS ENFORCEMENT | ICE CUSTODY
ICE INMATE | IMMIGRATION VIOLATION | IMMIGRATION STATUS | ILLEGAL ALIEN | CRIMINAL ALIEN | DEPORTABLE ALIEN
UNDOCUMENTED IMMIGRANT | NON-CITIZEN | NONCITIZEN | CITIZENSHIP: ELSEWHERE | ILLEGAL PRESENCE | VISA OVERSTAY
DEPORTATION | PENDING DEPORTATION | FINAL ORDER OF REMOVAL | ENTRY WITHOUT INSPECTION | RELEASE TO ICE
TURN OVER TO ICE | DETENIDO POR INMIGRACION | INDOCUMENTADO
"""
CRIMES = """
ASSAULT 2ND | ILLEGAL POSSESSION OF A WEAPON | 8 USC 1326 REENTRY | REENTRY OF REMOVED ALIEN | ILLEGAL ENTRY
IMPROPER ENTRY BY ALIEN | 8 USC 1325 | 8 U.S.C. 1324 | ALIEN SMUGGLING | TRANSPORTING ILLEGAL ALIENS | HARBORING ALIENS
ALIEN IN POSSESSION OF FIREARM | FALSE IMMIGRATION DOCUMENT | MARRIAGE FRAUD IMMIGRATION | CUSTOMS FRAUD
UNLAWFUL PRACTICE OF IMMIGRATION LAW | THREAT TO REPORT IMMIGRATION STATUS | 18 USC 922(G)(5) ALIEN
OBSTRUCTION OF JUSTICE | ASSAULT ON POLICE OFFICER | THEFT FROM OFFICE | VEHICLE THEFT | MALICE AFORETHOUGHT
POSSESSION OF ICE (METH) | SALE OF ICE | HOLD FOR COURT - POSS ICE | ICE CREAM VENDOR WITHOUT LICENSE
DRIVING W/O INS | NO INS | FAIL TO MAINTAIN INS | INSURANCE FRAUD | REMOVAL OF SERIAL NUMBER | HOUSEHOLD THEFT
BENCH WARRANT | FUGITIVE WARRANT | PAROLE DETAINER | PROBATION HOLD | US MARSHAL HOLD | HOLD FOR OTHER AGENCY
MILITARY JUSTICE HOLD | DETAINER NEW JERSEY | ORDEN DE ARRESTO | PL 247 | 110-125.25 | 205.30 | SEC 287
I-95 RECKLESS DRIVING | I-205 RECKLESS DRIVING | VIOLATION OF ORDER OF PROTECTION | SERVICE WARRANT
"""
PLACES = """
ICE CUSTODY | Immigration Court | ICE PROCESSING CENTER | BALTIMORE HOLD ROOM | ICE HOLD ROOM | INS AIRPORT HOLD
DHS - ICE ERO Newark | Centro de Detención de Inmigración | Border Patrol Station 4 | Northrop Immigration Court
"""

TEXTS = [field.name for field in FIELDS if field.kind is Kind.TEXT and not field.name.endswith("_key")]


def words(lines: str) -> list[str]:
    return [word.strip() for line in lines.strip().splitlines() for word in line.split("|")]


def kept(field: str, said: str) -> str | None:
    """What a roster's row with this one cell leaves of it."""
    form = mapped(f"{{person_key: id, {field}: c}}", '{kind: csv, delimiter: "\\t"}')
    rows, bad, _ = read(form, f"id\tc\n1\t{said}\n".encode())
    assert bad == []
    return rows[0].get(field)


@pytest.mark.parametrize("said", [*words(HOLDS), *words(STATUS)])
def test_not_kept_among_charges(said: str) -> None:
    assert kept("charges", said) is None


@pytest.mark.parametrize("said", words(CRIMES))
def test_a_crime_is_kept(said: str) -> None:
    assert kept("charges", said) == f'{{"{said}"}}'


@pytest.mark.parametrize("field", [*TEXTS, "also_known_as"])
def test_a_hold_is_kept_in_no_text(field: str) -> None:
    assert [said for said in words(HOLDS) if kept(field, said) is not None] == []


@pytest.mark.parametrize("field", ["facility", "destination", "next_court_place"])
@pytest.mark.parametrize("said", words(PLACES))
def test_where_a_person_is_or_went_is_kept(field: str, said: str) -> None:
    assert kept(field, said) == said


def test_a_nickname_is_kept() -> None:
    assert kept("also_known_as", "Ice") == '{"Ice"}'


def test_a_charge_beside_a_hold_stays() -> None:
    form = mapped("{person_key: id, charges: {column: c, separator: ';'}}")
    rows, _, _ = read(form, b"id,c\n1,THEFT; ICE HOLD ;ASSAULT\n")
    assert rows[0]["charges"] == '{"ASSAULT","THEFT"}'


@pytest.mark.parametrize("said", ["ICE HOLD", "TURNED OVER TO ICE", "IMMIGRATION"])
@pytest.mark.parametrize("field", ["status", "release_kind", "age", "birth_date", "booked_at", "sealed"])
def test_a_bad_row_says_nothing_of_its_words(field: str, said: str) -> None:
    rows, bad, _ = read(mapped(f"{{person_key: id, {field}: c}}"), f"id,c\n1,{said}\n".encode())
    assert rows == []
    assert (bad[0].person_key, bad[0].column) == ("1", "c")
    assert not any(word in bad[0].reason.upper().split() for word in said.split())


def test_the_words_of_a_status_are_kept_nowhere() -> None:
    form = mapped(
        "{person_key: id, status: c, release_kind: k}",
        rest="values: {status: {ICE HOLD: in_custody, TO ICE: released}, release_kind: {ICE PICKUP: other}}",
    )
    rows, _, _ = read(form, b"id,c,k\n1,ICE HOLD,\n2,TO ICE,ICE PICKUP\n")
    assert rows == [
        {"person_key": "1", "status": "in_custody"},
        {"person_key": "2", "status": "released", "release_kind": "other"},
    ]
