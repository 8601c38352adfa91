"""``offers/*.toml`` → drafts of offers and of the paragraphs they rest on."""

import calendar

from directory.models import Agency, ContactPoint, Language, Municipality
from offers.models import (
    Certificate,
    Deadline,
    LegalBasis,
    OccupationalField,
    Offer,
    OfferAgency,
    Precondition,
    Situation,
)
from offers.region.contact_point_rows import put_review
from offers.region.reader import Folder, read_toml
from offers.region.records import Draft, Key, Ref
from offers.region.table import Table

LEAP_YEAR = 2028  # so that 29 February is a day


def offer_drafts(folder: Folder) -> list[Draft]:
    """Read every offer; the name of the file is the slug. The paragraphs come as drafts of their own."""
    offers: list[Draft] = []
    bases: dict[Key, Draft] = {}
    for file in sorted(folder.path.glob("offers/*.toml")):
        top = read_toml(folder, file)
        if top is None:
            continue
        offer = _offer(top, file.stem)
        for basis in _legal_bases(top):
            offer.many["legal_bases"].append(Ref(LegalBasis, basis.key))
            _merge(bases, basis)
        offers.append(offer)
        top.finish()
    return [*bases.values(), *offers]


def _offer(top: Table, slug: str) -> Draft:
    draft = Draft(Offer, top)
    draft.put_value(top, "slug", "Dateiname", slug)
    draft.put(top, "title", "summary", "description", "kind", "status", "is_example")
    draft.put_value(top, "asked_as", "asked_as", _lines(top, "asked_as"))
    _put_for_whom(draft, top.table("for_whom"))
    _put_decides(draft, top.table("decides"))
    access = top.table("access")
    draft.put(access, "application", "duration", "answer_within_days", "capacity", "acts_alone")
    for name in ("steps", "to_bring"):
        draft.put_value(access, name, name, _lines(access, name))
    draft.put(top.table("money"), "cost", "cost_text", "cost_amount", "gets_text")
    _put_where(draft, top.table("where"))
    draft.link(top.table("contact"), "contact", "contact_point", ContactPoint)
    review = top.table("review")
    put_review(draft, review)
    # The template of the files ends with this key, so it may stand in the last section or at the top.
    fields_at = review if review.has("occupational_fields") else top
    draft.link_many(fields_at, "occupational_fields", "occupational_fields", OccupationalField)
    draft.many["legal_bases"] = []
    draft.parts["roles"] = [_role(table) for table in top.tables("agencies")]
    draft.parts["deadlines"] = [_deadline(table) for table in top.tables("deadlines")]
    _check_roles(draft)
    return draft


def _put_for_whom(draft: Draft, whom: Table) -> None:
    draft.put_as(whom, "for_whom", "text")
    draft.put(whom, "age_min", "age_max", "age_state", "school_forms")
    certificates = whom.words("certificates", Certificate.values)
    draft.put_value(whom, "certificates", "certificates", [item for item in Certificate.values if item in certificates])
    draft.link_many(whom, "situations", "situations", Situation)
    draft.parts["preconditions"] = [
        _precondition(table, place) for place, table in enumerate(whom.tables("preconditions"))
    ]


def _put_decides(draft: Draft, decides: Table) -> None:
    draft.put_as(decides, "decides_without_sgb2", "without_sgb2")
    draft.put_as(decides, "decides_with_sgb2", "with_sgb2")
    draft.put_as(decides, "decides_text", "text")


def _put_where(draft: Draft, where: Table) -> None:
    draft.put(where, "reach", "is_remote")
    draft.put_as(where, "place_note", "note")
    draft.link_many(where, "municipalities", "municipalities", Municipality)
    draft.link_many(where, "contact_points", "contact_points", ContactPoint)
    draft.link_many(where, "languages", "languages", Language)


def _lines(table: Table, key: str) -> str:
    words = table.words(key)
    if any("\n" in word for word in words):
        table.problem(key, "jeder Eintrag steht auf einer Zeile.")
    return "\n".join(words)


def _precondition(table: Table, position: int) -> Draft:
    draft = Draft(Precondition, table)
    draft.put(table, "text", "fact", "is_hard")
    draft.put_value(table, "position", "", position)
    return draft


def _role(table: Table) -> Draft:
    draft = Draft(OfferAgency, table)
    draft.put(table, "role")
    draft.link(table, "agency", "agency", Agency)
    if draft.links["agency"] is None:
        draft.problem("agency", "hier fehlt die Stelle.")
    return draft


def _check_roles(draft: Draft) -> None:
    seen = set()
    for role in draft.parts["roles"]:
        pair = (role.links["agency"], role.fields["role"])
        if pair in seen:
            role.problem("agency", f"„{pair[0]}“ hat diese Rolle schon.")
        seen.add(pair)


def _deadline(table: Table) -> Draft:
    draft = Draft(Deadline, table)
    draft.put(table, "kind", "purpose", "date", "month", "day", "offset_days", "anchor", "text", "consequence")
    draft.put(table, "source_url", "valid_from", "valid_to")
    month, day = draft.fields["month"], draft.fields["day"]
    if month in range(1, 13) and day and day > calendar.monthrange(LEAP_YEAR, month)[1]:
        draft.problem("day", f"den {day}.{month}. gibt es nicht.")
    return draft


def _legal_bases(top: Table) -> list[Draft]:
    """The paragraphs of one offer. The date of the legal text stands in [review] and holds for all of them."""
    review = top.table("review")
    drafts: list[Draft] = []
    for table in top.tables("legal_bases"):
        draft = Draft(LegalBasis, table)
        draft.put(table, "statute", "paragraph", "legal_area", "url", "under_review")
        draft.put(review, "legal_state")
        if any(draft.key == other.key for other in drafts):
            draft.problem("paragraph", f"„{' '.join(reversed(draft.key))}“ steht doppelt da.")
        else:
            drafts.append(draft)
    # Known also when no paragraph is given.
    review.has("legal_state")
    return drafts


def _merge(bases: dict[Key, Draft], basis: Draft) -> None:
    """Several offers rest on one paragraph: they must agree on what it is.

    In doubt it is under review, and the newest reading of the text counts.
    """
    known = bases.setdefault(basis.key, basis)
    if known is basis:
        return
    for name in ("legal_area", "url"):
        if known.fields[name] and basis.fields[name] and known.fields[name] != basis.fields[name]:
            table, key = known.places[name]
            place = f"{table.source.file}:{table.line(key)}"
            basis.problem(name, f"„{basis.fields[name]}“, aber in {place} steht „{known.fields[name]}“.")
    known.fields["url"] = known.fields["url"] or basis.fields["url"]
    known.fields["under_review"] = known.fields["under_review"] or basis.fields["under_review"]
    states = [state for state in (known.fields["legal_state"], basis.fields["legal_state"]) if state]
    known.fields["legal_state"] = max(states, default=None)
