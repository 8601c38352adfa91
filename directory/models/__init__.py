"""The directory: places, agencies, contact points, hours, and the site's own texts."""

from directory.models.agency import Agency, Stelle
from directory.models.contact_point import (
    Absence,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    Language,
    Phone,
)
from directory.models.content import ContentVersion, GlossaryTerm, Page
from directory.models.hours import OnPublicHoliday, Schedule, ScheduleException, ScheduleKind, TermTime, Weekday
from directory.models.membership import Membership, Role, roles_at
from directory.models.places import Locality, Municipality, NeighbourPlace, SchoolHoliday
from directory.models.review import AbsentState, LegalArea, PublicQuerySet, Publishable, Reviewed, Status, TriState
from directory.models.search import SearchEntry, SearchPosting, SearchTerm, SearchWord, SynonymGroup

__all__ = [
    "Absence",
    "AbsentState",
    "Agency",
    "ContactPerson",
    "ContactPoint",
    "ContactPointAgency",
    "ContentVersion",
    "GlossaryTerm",
    "Language",
    "LegalArea",
    "Locality",
    "Membership",
    "Municipality",
    "NeighbourPlace",
    "OnPublicHoliday",
    "Page",
    "Phone",
    "PublicQuerySet",
    "Publishable",
    "Reviewed",
    "Role",
    "Schedule",
    "ScheduleException",
    "ScheduleKind",
    "SchoolHoliday",
    "SearchEntry",
    "SearchPosting",
    "SearchTerm",
    "SearchWord",
    "Status",
    "Stelle",
    "SynonymGroup",
    "TermTime",
    "TriState",
    "Weekday",
    "roles_at",
]
