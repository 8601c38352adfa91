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
from directory.models.editorial import Change, Revision
from directory.models.exchange import Import, ImportRow, MovedAddress
from directory.models.freshness import (
    INTERVAL_MONTHS,
    ConfirmationLink,
    ConfirmationRequest,
    FieldGroup,
    GroupCheck,
)
from directory.models.hours import OnPublicHoliday, Schedule, ScheduleException, ScheduleKind, TermTime, Weekday
from directory.models.links import LinkCheck, LinkUse
from directory.models.membership import Membership, Role, roles_at
from directory.models.places import Locality, Municipality, NeighbourPlace, SchoolHoliday
from directory.models.reports import VisitorReport
from directory.models.review import AbsentState, LegalArea, PublicQuerySet, Publishable, Reviewed, Status, TriState
from directory.models.search import SearchEntry, SearchPosting, SearchTerm, SearchWord, SynonymGroup

__all__ = [
    "INTERVAL_MONTHS",
    "Absence",
    "AbsentState",
    "Agency",
    "Change",
    "ConfirmationLink",
    "ConfirmationRequest",
    "ContactPerson",
    "ContactPoint",
    "ContactPointAgency",
    "ContentVersion",
    "FieldGroup",
    "GlossaryTerm",
    "GroupCheck",
    "Import",
    "ImportRow",
    "Language",
    "LegalArea",
    "LinkCheck",
    "LinkUse",
    "Locality",
    "Membership",
    "MovedAddress",
    "Municipality",
    "NeighbourPlace",
    "OnPublicHoliday",
    "Page",
    "Phone",
    "PublicQuerySet",
    "Publishable",
    "Reviewed",
    "Revision",
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
    "VisitorReport",
    "Weekday",
    "roles_at",
]
