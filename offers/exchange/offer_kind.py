"""Offers as spreadsheets. Preconditions and deadlines stay in the portal: they are more than a cell can say."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange.columns import ChoicesColumn, Column, FieldColumn, LinkColumn, ManyColumn, Value
from directory.exchange.directory_kinds import AGENCIES, LANGUAGES, MUNICIPALITIES, POINTS
from directory.exchange.kinds import Kind, SlugColumn, info_columns, review_columns
from directory.exchange.known import Known, Names
from directory.exchange.values import join_list, read_choice, split_list
from directory.models import VisitorReport
from directory.rights import Reach
from offers.models import Certificate, LegalBasis, OccupationalField, Offer, OfferAgency, Situation

SITUATIONS = Names(Situation, ("label",), "slug")
FIELDS = Names(OccupationalField, ("name",), "slug")
BASES = Names(LegalBasis, ("paragraph", "statute"), "pk", joined=True)
ENTRY = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<role>[^()]*)\))?")


class RolesColumn(Column):
    """Agencies with what they do for the offer in brackets."""

    def stored(self, row: Any) -> Value:
        """Return agency and role of each."""
        return frozenset((role.agency_id, role.role) for role in row.roles.all()) if row.pk else frozenset()

    def show(self, value: Value, known: Known) -> str:
        """Return the names with the roles."""
        labels = dict(OfferAgency.Role.choices)
        return join_list(sorted(f"{known.show(AGENCIES, pk)} ({labels[role]})" for pk, role in value))

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read names and roles; without one the agency makes the offer."""
        tied = {pk for pk, _role in self.stored(row)}
        found = set()
        for entry in split_list(text):
            match = ENTRY.fullmatch(entry)
            name, word = (match["name"], match["role"]) if match else (entry, None)
            role = read_choice(word, OfferAgency.Role.choices) if word else OfferAgency.Role.PROVIDER.value
            found.add((known.find(AGENCIES, name, also=tied), role))
        return frozenset(found)

    def empty(self) -> Value:
        """Return none."""
        return frozenset()

    def both(self, one: Value, other: Value) -> Value:
        """Return all of them."""
        return one | other

    def tie(self, row: Any, value: Value) -> None:
        """Make the roles what the cell says; those that are there already keep their rows."""
        wanted = set(value)
        for role in row.roles.all():
            if (role.agency_id, role.role) in wanted:
                wanted.discard((role.agency_id, role.role))
            else:
                role.delete()
        for agency, name in sorted(wanted):
            OfferAgency.objects.create(offer=row, agency_id=agency, role=name)


class Offers(Kind):
    """Angebote."""

    key = "angebote"
    model = Offer
    agency_path = "roles__agency"
    title = "title"
    report_kind = VisitorReport.Kind.OFFER
    prefetch = (
        "roles",
        "situations",
        "occupational_fields",
        "legal_bases",
        "municipalities",
        "contact_points",
        "languages",
    )
    columns = (
        SlugColumn(Offer),
        FieldColumn(Offer, "title", "Angebot", "Name", "Bezeichnung", "Maßnahme"),
        FieldColumn(Offer, "summary", "Kurzbeschreibung", "Zusammenfassung"),
        FieldColumn(Offer, "description", "Beschreibung"),
        FieldColumn(Offer, "kind", "Kategorie"),
        FieldColumn(Offer, "asked_as", "Suchwörter"),
        RolesColumn("roles", gettext_lazy("Beteiligte Stellen"), "Stelle", "Stellen", "Träger", "Anbieter"),
        FieldColumn(Offer, "for_whom", "Zielgruppe", "Wer"),
        FieldColumn(Offer, "age_min", "Mindestalter", "Alter von", "Alter ab"),
        FieldColumn(Offer, "age_max", "Höchstalter", "Alter bis"),
        FieldColumn(Offer, "age_state"),
        ChoicesColumn(Offer, "certificates", Certificate.choices, "Abschluss", "Schulabschluss"),
        FieldColumn(Offer, "school_forms", "Schulform"),
        ManyColumn(Offer, "situations", SITUATIONS, "Situation"),
        ManyColumn(Offer, "occupational_fields", FIELDS, "Berufsfeld", "Berufe"),
        FieldColumn(Offer, "decides_without_sgb2"),
        FieldColumn(Offer, "decides_with_sgb2"),
        FieldColumn(Offer, "decides_text"),
        ManyColumn(Offer, "legal_bases", BASES, "Rechtsgrundlage", "Paragraf"),
        FieldColumn(Offer, "application", "Antrag"),
        FieldColumn(Offer, "steps", "Schritte", "Anmeldung"),
        FieldColumn(Offer, "to_bring", "Unterlagen"),
        FieldColumn(Offer, "duration"),
        FieldColumn(Offer, "answer_within_days"),
        FieldColumn(Offer, "capacity"),
        FieldColumn(Offer, "acts_alone"),
        FieldColumn(Offer, "cost"),
        FieldColumn(Offer, "cost_text"),
        FieldColumn(Offer, "cost_amount", "Preis", "Gebühr"),
        FieldColumn(Offer, "gets_text"),
        FieldColumn(Offer, "reach"),
        ManyColumn(Offer, "municipalities", MUNICIPALITIES, "Gemeinde", "Kommunen"),
        ManyColumn(Offer, "contact_points", POINTS, "Anlaufstelle"),
        FieldColumn(Offer, "place_note", "Ort"),
        FieldColumn(Offer, "is_remote", "online"),
        ManyColumn(Offer, "languages", LANGUAGES, "Sprache"),
        LinkColumn(Offer, "contact", POINTS, "Ansprechpartner", "Kontakt"),
        *review_columns(Offer),
        *info_columns(),
    )

    def check(self, row: Any, values: dict[str, Any], reach: Reach) -> None:
        """A partner cannot leave an offer by a spreadsheet; who brings none must be named by the coordination."""
        roles = values.get("roles")
        if roles is None:
            if row.pk is None and reach.everything:
                raise ValidationError({"roles": _("Hier fehlt die Stelle, zu der das Angebot gehört.")})
        elif not reach.everything and reach.agency not in {pk for pk, _role in roles}:
            raise ValidationError({"roles": _("Ihre eigene Stelle fehlt hier.")})

    def keep_within(self, row: Any, reach: Reach) -> None:
        """Whoever enters an offer takes part in it."""
        if reach.agency is not None and not reach.everything and not row.roles.filter(agency=reach.agency).exists():
            OfferAgency.objects.create(offer=row, agency_id=reach.agency, role=OfferAgency.Role.PROVIDER)

    def agency_of(self, row: Any) -> int | None:
        """Return the agency that makes the offer, else the first one."""
        roles = sorted(row.roles.all(), key=lambda role: (role.role != OfferAgency.Role.PROVIDER, role.pk))
        return int(roles[0].agency_id) if roles else None


OFFER_KIND = Offers()
