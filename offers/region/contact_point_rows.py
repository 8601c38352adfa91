"""``contact_points/*.toml`` → drafts with phones, persons, hours and exceptions."""

from datetime import time

from directory.models import (
    Absence,
    AbsentState,
    Agency,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    Language,
    Municipality,
    Phone,
    Schedule,
    ScheduleException,
)
from offers.region.reader import Folder, read_toml
from offers.region.records import Draft, Ref
from offers.region.table import Table

CHANNELS = {"in_person": "has_in_person", "phone": "has_phone", "video": "has_video", "written": "has_written"}
WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")


def contact_point_drafts(folder: Folder) -> list[Draft]:
    """Read every contact point; the name of the file is the slug."""
    drafts = []
    for file in sorted(folder.path.glob("contact_points/*.toml")):
        top = read_toml(folder, file)
        if top is not None:
            drafts.append(_contact_point(top, file.stem))
            top.finish()
    return drafts


def _contact_point(top: Table, slug: str) -> Draft:
    draft = Draft(ContactPoint, top)
    draft.put_value(top, "slug", "Dateiname", slug)
    draft.put(top, "name", "summary", "status", "is_example", "email", "website", "serves_whole_county")
    draft.put(top, "phone_state", "hours_state")
    draft.link(top, "owner", "owner", Agency)
    if draft.links["owner"] is None:
        draft.problem("owner", "hier fehlt die verantwortliche Stelle.")
    channels = top.words("channels", CHANNELS)
    for value, name in CHANNELS.items():
        draft.put_value(top, name, "channels", value in channels)
    draft.link_many(top, "languages", "languages", Language)
    draft.link_many(top, "service_area", "service_area", Municipality)
    if draft.fields["serves_whole_county"] and draft.many["service_area"]:
        draft.problem("service_area", "ist leer, wenn die Anlaufstelle für den ganzen Landkreis da ist.")
    _put_address(draft, top.table("address"))
    access = top.table("access")
    draft.put(access, "step_free", "lift", "hearing_loop")
    draft.put_as(access, "accessible_toilet", "toilet")
    draft.put_as(access, "accessible_parking", "parking")
    put_review(draft, top.table("review"))
    _put_parts(draft, top)
    return draft


def _put_address(draft: Draft, address: Table) -> None:
    draft.put(address, "street", "postal_code", "town", "latitude", "longitude", "directions", "address_state")
    draft.link(address, "municipality", "municipality", Municipality)
    if draft.fields["address_state"] == AbsentState.NONE and draft.fields["street"]:
        draft.problem("address_state", "„none“ heißt „gibt es nicht“, aber eine Straße steht da.")


def put_review(draft: Draft, review: Table) -> None:
    """Read where the facts come from and who looked at them when."""
    draft.put(review, "source", "source_date", "verified", "checked_on")
    draft.put_as(review, "review_interval_months", "interval_months")


def _put_parts(draft: Draft, top: Table) -> None:
    draft.parts["shares"] = [_share(table) for table in top.tables("shared_with")]
    draft.parts["phones"] = [_phone(table, place) for place, table in enumerate(top.tables("phones"))]
    draft.parts["persons"] = [_person(table, place) for place, table in enumerate(top.tables("persons"))]
    draft.parts["absences"] = [_absence(table) for table in top.tables("absences")]
    draft.parts["schedules"] = [row for table in top.tables("schedule") for row in _schedules(table)]
    draft.parts["exceptions"] = [row for table in top.tables("exceptions") for row in _exceptions(table)]
    _check_shares(draft)
    _check_persons(draft)


def _check_shares(draft: Draft) -> None:
    agencies = [share.links["agency"] for share in draft.parts["shares"]]
    for number, share in enumerate(draft.parts["shares"]):
        if agencies[number] in agencies[:number]:
            share.problem("agency", f"„{agencies[number]}“ ist hier schon eingetragen.")


def _check_persons(draft: Draft) -> None:
    """Everyone named as substitute, absent or responsible for hours is one of the persons."""
    names = [person.fields["name"] for person in draft.parts["persons"]]
    for person in draft.parts["persons"]:
        if names.count(person.fields["name"]) > 1:
            person.problem("name", "dieser Name steht hier doppelt da.")
        if (ref := person.links["substitute"]) and ref.key == (person.fields["name"],):
            person.problem("substitute", "niemand vertritt sich selbst.")
    for kind, name in (
        ("persons", "substitute"),
        ("absences", "person"),
        ("schedules", "person"),
        ("exceptions", "person"),
    ):
        for part in draft.parts[kind]:
            ref = part.links[name]
            if ref and ref.key[0] not in names:
                part.problem(name, f"„{ref}“ steht nicht unter [[persons]].")
            elif not ref and kind == "absences":
                part.problem(name, "hier fehlt die Person.")


def _share(table: Table) -> Draft:
    draft = Draft(ContactPointAgency, table)
    draft.put(table, "role")
    draft.link(table, "agency", "agency", Agency)
    if draft.links["agency"] is None:
        draft.problem("agency", "hier fehlt die Stelle.")
    return draft


def _phone(table: Table, position: int) -> Draft:
    draft = Draft(Phone, table)
    draft.put(table, "number", "purpose")
    draft.put_value(table, "position", "", position)
    return draft


def _person(table: Table, position: int) -> Draft:
    draft = Draft(ContactPerson, table)
    draft.put(table, "name", "topic", "phone", "email")
    draft.put_value(table, "position", "", position)
    draft.link(table, "substitute", "substitute", ContactPerson)
    return draft


def _absence(table: Table) -> Draft:
    draft = Draft(Absence, table)
    draft.put(table, "starts_on", "ends_on")
    draft.link(table, "person", "person", ContactPerson)
    return draft


def _schedules(table: Table) -> list[Draft]:
    """One draft a weekday."""
    weekdays = table.words("weekdays", WEEKDAYS)
    if not weekdays and not table.has_problem("weekdays"):
        table.problem("weekdays", f"hier fehlen die Wochentage ({', '.join(WEEKDAYS)}).")
    drafts = []
    # Without any, the rest is still read, so that its faults are found too.
    for weekday in weekdays or WEEKDAYS[:1]:
        draft = Draft(Schedule, table)
        draft.put(table, "kind", "by_appointment", "term_time", "on_public_holiday", "valid_from", "valid_to", "note")
        draft.put_as(table, "opens_at", "opens")
        draft.put_as(table, "closes_at", "closes")
        draft.put_value(table, "weekday", "weekdays", WEEKDAYS.index(weekday))
        draft.link(table, "person", "person", ContactPerson)
        drafts.append(draft)
    return drafts


def _exceptions(table: Table) -> list[Draft]:
    """One draft a slot; one draft without times when there is no slot."""
    drafts = []
    for opens_at, closes_at in _slots(table) or [(None, None)]:
        draft = Draft(ScheduleException, table)
        draft.put(table, "kind", "starts_on", "ends_on", "reason")
        draft.put_value(table, "opens_at", "slots", opens_at)
        draft.put_value(table, "closes_at", "slots", closes_at)
        draft.link(table, "person", "person", ContactPerson)
        if opens_at and draft.fields["kind"] != ScheduleException.Kind.HOURS:
            draft.problem("opens_at", 'Zeiten passen nur zu kind = "hours".')
        drafts.append(draft)
    return drafts


def _slots(table: Table) -> list[tuple[time | None, time | None]]:
    slots = table.data["slots"] if table.has("slots") else []
    if not isinstance(slots, list) or not all(isinstance(slot, list) and len(slot) == 2 for slot in slots):
        table.problem("slots", 'gebraucht werden Paare wie [["09:00", "12:00"]].')
        return []
    return [(table.as_clock("slots", opens), table.as_clock("slots", closes)) for opens, closes in slots]


def check_gap_owners(drafts: list[Draft]) -> None:
    """A task without a known office never shows an address or a number."""
    gaps = {draft.key for draft in drafts if draft.model is Agency and draft.fields["is_gap"]}
    for draft in drafts:
        owner = draft.links.get("owner")
        if draft.model is ContactPoint and isinstance(owner, Ref) and owner.key in gaps:
            for name in ("street", "email"):
                if draft.fields[name]:
                    draft.problem(name, f"„{owner}“ ist nur als Aufgabe bekannt und hat keine Anschrift.")
            for phone in draft.parts["phones"]:
                phone.problem("number", f"„{owner}“ ist nur als Aufgabe bekannt und hat kein Telefon.")
