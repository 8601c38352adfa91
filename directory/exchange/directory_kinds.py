"""Contact points and agencies as spreadsheets."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange.agencies import check_agencies
from directory.exchange.columns import (
    Column,
    FieldColumn,
    FlagsColumn,
    LinkColumn,
    ManyColumn,
    OwnerColumn,
    PostcodeColumn,
)
from directory.exchange.hours_cells import HoursColumn, PhonesColumn
from directory.exchange.kinds import SLUG, Kind, SlugColumn, info_columns, review_columns
from directory.exchange.known import Names
from directory.models import Agency, ContactPoint, Language, Municipality, VisitorReport, Weekday
from directory.rights import Reach

AGENCIES = Names(Agency, ("name", "short_name"), "slug", "pk", breaks=";\n()")
POINTS = Names(ContactPoint, ("name",), "slug", "owner")
MUNICIPALITIES = Names(Municipality, ("name",), "ags")
LANGUAGES = Names(Language, ("name",), "code")
CHANNELS = ("has_in_person", "has_phone", "has_video", "has_written")


def _weekdays() -> tuple[Column, ...]:
    days = list(Weekday)
    return tuple(
        HoursColumn(day.value, day.label, str(day.label)[:2], f"Öffnungszeiten {day.label}", f"Zeiten {day.label}")
        for day in days
    )


class ContactPoints(Kind):
    """Anlaufstellen. Persons stay in the portal: their names do not travel in files."""

    key = "anlaufstellen"
    model = ContactPoint
    agency_path = "owner"
    title = "name"
    report_kind = VisitorReport.Kind.POINT
    place = ("postal_code", "street")
    prefetch = ("languages", "service_area", "phones", "schedules")
    columns = (
        SlugColumn(ContactPoint),
        FieldColumn(ContactPoint, "name", "Bezeichnung", "Einrichtung", "Anlaufstelle", "Name der Anlaufstelle"),
        OwnerColumn(ContactPoint, "owner", AGENCIES, "Stelle", "Träger", "Behörde"),
        FieldColumn(ContactPoint, "summary", "Beschreibung", "Kurzbeschreibung"),
        FieldColumn(ContactPoint, "street", "Straße", "Strasse", "Adresse", "Anschrift"),
        PostcodeColumn(ContactPoint, "postal_code", "PLZ"),
        FieldColumn(ContactPoint, "town", "Stadt", "Wohnort"),
        LinkColumn(ContactPoint, "municipality", MUNICIPALITIES, "Kommune"),
        FieldColumn(ContactPoint, "directions", "Anfahrt", "Wegbeschreibung"),
        FieldColumn(ContactPoint, "latitude", "Breite", "lat"),
        FieldColumn(ContactPoint, "longitude", "Länge", "lon", "lng"),
        PhonesColumn("phones", gettext_lazy("Telefon"), "Telefonnummer", "Telefonnummern", "Tel", "Rufnummer", "Fon"),
        FieldColumn(ContactPoint, "email", "E-Mail", "Mail", "E-Mail-Adresse"),
        FieldColumn(ContactPoint, "website", "Internet", "Homepage", "Webseite", "URL"),
        FlagsColumn(ContactPoint, "channels", gettext_lazy("Erreichbar über"), CHANNELS, "Wege", "Kontaktwege"),
        *_weekdays(),
        FieldColumn(ContactPoint, "step_free", "stufenlos", "barrierefrei"),
        FieldColumn(ContactPoint, "lift", "Fahrstuhl"),
        FieldColumn(ContactPoint, "accessible_toilet"),
        FieldColumn(ContactPoint, "accessible_parking"),
        FieldColumn(ContactPoint, "hearing_loop"),
        ManyColumn(ContactPoint, "languages", LANGUAGES, "Sprache"),
        FieldColumn(ContactPoint, "serves_whole_county"),
        ManyColumn(ContactPoint, "service_area", MUNICIPALITIES, "Einzugsgebiet"),
        FieldColumn(ContactPoint, "address_state"),
        FieldColumn(ContactPoint, "phone_state"),
        FieldColumn(ContactPoint, "hours_state"),
        *review_columns(ContactPoint),
        *info_columns(),
    )

    def start(self, reach: Reach) -> Any:
        """Return a contact point of the own agency; the coordination says in the file whose it is."""
        row = ContactPoint()
        if reach.agency is not None and not reach.everything:
            row.owner_id = reach.agency
        return row

    def check(self, row: Any, values: dict[str, Any], reach: Reach) -> None:
        """An area beside "the whole county" contradicts it."""
        area = values.get("service_area")
        if row.serves_whole_county and area:
            raise ValidationError({"service_area": _("Leer lassen, wenn für den ganzen Landkreis.")})

    def agency_of(self, row: Any) -> int | None:
        """Return the owner."""
        return int(row.owner_id)


class Agencies(Kind):
    """Stellen."""

    key = "stellen"
    model = Agency
    agency_path = "pk"
    title = "name"
    report_kind = VisitorReport.Kind.AGENCY
    columns = (
        SlugColumn(Agency),
        FieldColumn(Agency, "name", "Bezeichnung", "Behörde", "Träger"),
        FieldColumn(Agency, "short_name", "Kurzform", "Abkürzung"),
        FieldColumn(Agency, "kind"),
        FieldColumn(Agency, "legal_area"),
        FieldColumn(Agency, "stelle", "Filter"),
        LinkColumn(Agency, "parent", AGENCIES, "übergeordnet", "Dachverband"),
        FieldColumn(Agency, "what_we_do", "Beschreibung", "Aufgabe"),
        FieldColumn(Agency, "website", "Internet", "Homepage", "Webseite", "URL"),
        FieldColumn(Agency, "is_gap"),
        *review_columns(Agency),
        *info_columns(),
    )

    # Who belongs to whom is no matter of two texts: choosing could make an agency its own parent.
    kept_in_merging = frozenset({SLUG, "parent"})

    def check_merging(self, keep: Any, other: Any) -> None:
        """Refuse what must not change its agency, see ``directory.exchange.agencies``."""
        check_agencies(keep, other)

    def agency_of(self, row: Any) -> int | None:
        """Return the agency itself."""
        return int(row.pk)


CONTACT_POINT_KIND = ContactPoints()
AGENCY_KIND = Agencies()
