"""What grows old in the directory: contact points and agencies."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.freshness.forms import FieldsForm, HoursForm, ReachForm, no_fixed_hours, website_field
from directory.freshness.subjects import Group, Line, Subject
from directory.models import Agency, ContactPoint, FieldGroup


class PointTextForm(FieldsForm):
    """What happens at a place, and how to find it."""

    class Meta:
        model = ContactPoint
        fields = ("name", "summary", "directions", "step_free", "lift", "accessible_toilet")


class AgencyReachForm(FieldsForm):
    """How to reach an agency."""

    website = website_field()

    class Meta:
        model = Agency
        fields = ("website", "office_email")


class AgencyTextForm(FieldsForm):
    """What an agency is called and does."""

    class Meta:
        model = Agency
        fields = ("name", "short_name", "what_we_do")


def field_lines(record: Any, names: Iterable[str]) -> Iterator[Line]:
    """Yield label and value of fields of the record; an empty value is said in words."""
    for name in names:
        field = record._meta.get_field(name)
        value = getattr(record, f"get_{name}_display")() if field.choices else getattr(record, name)
        yield str(field.verbose_name), str(value) if value not in (None, "") else _("nichts eingetragen")


def _hours_lines(point: ContactPoint) -> Iterator[Line]:
    rows = list(point.schedules.all())
    for row in sorted(rows, key=lambda row: (row.weekday, row.opens_at is None, row.opens_at)):
        times = f"{row.opens_at:%H:%M} – {row.closes_at:%H:%M}" if row.opens_at and row.closes_at else ""
        details = [times, _("nur mit Termin") if row.by_appointment else "", row.note]
        details.append(_("nur für eine Person") if row.person_id else "")
        yield str(row.get_weekday_display()), ", ".join(part for part in details if part)
    if not rows:
        yield _("Zeiten"), str(point.get_hours_state_display())


def _reach_lines(point: ContactPoint) -> Iterator[Line]:
    for row in point.phones.all():
        yield _("Telefon"), f"{row.number} {row.purpose}".strip()
    yield from field_lines(point, ReachForm.base_fields)


CONTACT_POINT = Subject(
    model=ContactPoint,
    noun=gettext_lazy("Diese Anlaufstelle"),
    owners=lambda rows: rows.order_by().values_list("pk", "owner_id"),
    groups={
        FieldGroup.HOURS: Group(
            label=gettext_lazy("Öffnungszeiten"),
            lines=_hours_lines,
            form=HoursForm,
            empty_label=gettext_lazy("Feste Zeiten"),
            empty=no_fixed_hours,
        ),
        FieldGroup.CONTACT: Group(gettext_lazy("Telefon und Adresse"), _reach_lines, ReachForm),
        FieldGroup.TEXT: Group(
            gettext_lazy("Text und Zugang"),
            lambda point: field_lines(point, PointTextForm.base_fields),
            PointTextForm,
        ),
    },
)


def _agencies(rows: QuerySet[Any]) -> Iterable[tuple[int, int]]:
    return ((pk, pk) for pk in rows.order_by().values_list("pk", flat=True))


AGENCY = Subject(
    model=Agency,
    noun=gettext_lazy("Diese Stelle"),
    owners=_agencies,
    groups={
        FieldGroup.CONTACT: Group(
            gettext_lazy("Website und Postfach"),
            lambda agency: field_lines(agency, AgencyReachForm.base_fields),
            AgencyReachForm,
        ),
        FieldGroup.TEXT: Group(
            gettext_lazy("Name und Aufgabe"),
            lambda agency: field_lines(agency, AgencyTextForm.base_fields),
            AgencyTextForm,
        ),
    },
)
