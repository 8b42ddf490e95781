"""Which canonical field a source's column is likely to be, by its name; and which of its columns never are one."""

import re

_LIKELY = {
    "person_key": "inmateid inmateno inmatenumber inmatenum inmatenbr inmate offenderid offenderno offendernumber"
    " personid personno personnumber permanentid permid pid mni mnino mninumber namenumber nameid"
    " jacket jacketno jacketnumber"
    " docno docnumber docid dcnumber tdcjnumber sid sono sonumber pin pfn cin sysid subjectid subjectnumber prisonerid"
    " prisonerno prisonernumber detaineeid civilid masterid masternameid arrestee id idno number",
    "booking_key": "bookingno bookingnumber bookingid bookingnum bookingnbr bookno booknumber bookid booking"
    " commitmentno commitmentnumber commitmentid arrestno arrestnumber arrestid admissionno intakeno intakenumber"
    " stayid confinementid custodyid",
    "last_name": "lastname last lname surname familyname namelast nmlast apellido apellidos name fullname inmatename"
    " offendername personname defendant defendantname",
    "first_name": "firstname first fname givenname forename namefirst nmfirst nombre nombres",
    "middle_name": "middlename middle mname mi middleinitial namemiddle",
    "suffix": "suffix namesuffix sfx generation",
    "also_known_as": "aka akas alias aliases othernames alsoknownas",
    "birth_date": "dob birthdate dateofbirth birthday born bdate birthdt dobdt fechadenacimiento",
    "age": "age ageatbooking currentage edad",
    "birth_country": "birthcountry countryofbirth cob pob birthplace placeofbirth",
    "facility": "facility facilityname facilitycode location jail jailname institution unit currentlocation"
    " currentfacility housingfacility holdingfacility site where heldat custodylocation housinglocation",
    "status": "status custodystatus inmatestatus currentstatus bookingstatus custody statuscode inoutstatus",
    "status_at": "statusdate statusdatetime statusat statuschanged",
    "booked_at": "bookingdate bookingdatetime bookdate bookdatetime booked bookedat bookeddate admitteddt admitted"
    " admissiondate admitdate admissiondatetime intakedate intakedatetime arrestdate arrestdatetime commitmentdate"
    " confinementdate confineddate datebooked datein timein in datetimebooked receiveddate",
    "released_at": "releasedate releasedatetime released releasedat releaseddate dischargeddt dischargedate discharged"
    " datereleased dateout timeout out actualreleasedate",
    "release_kind": "releasetype releasereason release releasecode reasonforrelease dischargetype dischargereason"
    " dispositiontype releasedisposition",
    "destination": "destination releasedto transferredto transferto movedto",
    "expected_release_on": "expectedreleasedate expectedrelease projectedrelease projectedreleasedate prd exprelease"
    " schedreleasedate scheduledreleasedate scheduledrelease estimatedreleasedate eor maxreleasedate outdate",
    "next_court_at": "nextcourtdate nextcourt courtdate courtdatetime nextappearance nextcourtdatetime hearingdate"
    " nexthearing courtat courttime",
    "next_court_place": "courtplace courtname court courtlocation nextcourtlocation hearinglocation courtroom",
    "charges": "charges charge chargedescription chargedesc topcharge offense offenses offence offensedescription"
    " chargestext crime statute",
    "protected": "protected confidential victimprotected donotdisclose keepseparate",
    "sealed": "sealed sealedrecord issealed juvenileoffender",
}
_BY_NAME = {name: field for field, names in _LIKELY.items() for name in names.split()}
_IN_ORDER = {name: place for names in _LIKELY.values() for place, name in enumerate(names.split())}

_NEVER = re.compile(
    r"race|ethnic|gender|^sex$|citizen|immigra|alien|nationalit|^ice|icehold|detainer|visa|medical|mental|bradh|suicid"
    r"|gang|srg|religio|ssn|social|fbi|custodylevel|classif|photo|mugshot|image|height|weight|^hair|^eye|bail|bond|address"
    r"|phone|email|infraction"
)


def field_of(column: str) -> str | None:
    """The field that a column of this name is likely to be, or None."""
    return _BY_NAME.get(_plain(column)) or _BY_NAME.get(_plain(column.rpartition(".")[2]))


def rank(column: str) -> int:
    """How likely, among columns that may be the same field: the lower the more."""
    return min(_IN_ORDER.get(_plain(name), 999) for name in (column, column.rpartition(".")[2]))


def is_never_read(column: str) -> bool:
    """Whether this column is of a kind that Watchword has no field for, and wants none: race, health, status."""
    return _NEVER.search(_plain(column)) is not None


def _plain(column: str) -> str:
    return re.sub(r"[\W_]+", "", column).casefold().replace("#", "")


_STATUS = {
    "in_custody": "in, in custody, incustody, active, held, confined, current, booked, housed, in jail, i,"
    " incarcerated",
    "furloughed": "furlough, furloughed, work release, wr, temporary leave, hospital, weekender",
    "released": "out, released, rel, release, discharged, inactive, o, not in custody, paroled, bonded, bonded out",
    "removed": "removed, deported",
    "escaped": "escaped, escape, esc, absconded, walkaway, awol",
    "died": "died, deceased, death, dead, dec",
}
_RELEASE = {
    "bail": "bail, bond, bonded, bonded out, surety, cash bond, cash, surety bond, posted bond",
    "sentence_served": "time, time served, sentence served, served, expired, expiration, completed, max out, ts",
    "supervised": "parole, paroled, probation, supervised, supervision, pretrial, ror, own recognizance, or, recog, pr,"
    " personal recognizance, work release, community",
    "court_order": "court order, ct ord, court, dismissed, charges dropped, acquitted, order, court ordered release",
    "transferred_out": "transfer, transferred, trans, other agency, to other agency, tot, transferred out",
    "removed": "removed, deported",
    "escaped": "escaped, escape, esc",
    "died": "died, deceased, death",
    "other": "other",
}
_MEANINGS = {
    field: {word.strip(): code for code, words in codes.items() for word in words.split(",")}
    for field, codes in (("status", _STATUS), ("release_kind", _RELEASE))
}


def meaning_of(field: str, word: str) -> str | None:
    """What a source's word of a status or a release is likely to mean, or None."""
    return _MEANINGS[field].get(" ".join(word.casefold().split()))
