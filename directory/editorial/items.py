"""The items of the directory that have a workflow."""

from directory.editorial.shapes import Part, Shape
from directory.models import (
    Absence,
    Agency,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    Page,
    Phone,
    Schedule,
    ScheduleException,
)

CONTACT_POINT = Shape(
    ContactPoint,
    parts=(
        Part(ContactPerson, "contact_point", is_personal=True),
        Part(Absence, "person__contact_point", is_personal=True),
        Part(Phone, "contact_point"),
        Part(Schedule, "contact_point"),
        Part(ScheduleException, "contact_point"),
        Part(ContactPointAgency, "contact_point"),
    ),
    agency_path="owner",
)
AGENCY = Shape(Agency, agency_path="pk")
PAGE = Shape(Page)
