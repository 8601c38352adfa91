"""Which role may do what: the one table. Rights are worked out at every request, never stored.

How far a right reaches – one agency or all – is said in ``directory.rights``.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from accounts.models import User
from directory.models import Role
from directory.rights import role_of


def _may(actions: str, *names: str) -> frozenset[str]:
    rights = set()
    for name in names:
        app, model = name.split(".")
        rights |= {f"{app}.{action}_{model}" for action in actions.split()}
    return frozenset(rights)


ALL = "add change delete view"
# Rows that live inside the page of an offer or a contact point.
PARTS = (
    "directory.absence", "directory.contactperson", "directory.contactpointagency", "directory.phone",
    "directory.schedule", "directory.scheduleexception", "offers.deadline", "offers.offeragency", "offers.precondition",
)  # fmt: skip
WORDS = (
    "directory.glossaryterm", "directory.language", "directory.synonymgroup", "offers.legalbasis",
    "offers.occupationalfield", "offers.situation",
)  # fmt: skip
PLACES = ("directory.locality", "directory.municipality", "directory.neighbourplace", "directory.schoolholiday")
RULES = ("counseling.responsibilityrule", "counseling.ruleset", "counseling.scenario")

# A row of one's own goes out of the public by its status; deleting stays with the coordination.
SLOTS = _may(ALL, "counseling.slotrule", "counseling.slotblock")

OWN_CONTENT = (
    _may("change view", "directory.agency", "directory.groupcheck", "directory.visitorreport")
    | _may("add change view", "directory.contactpoint", "offers.offer")
    | _may(ALL, *PARTS)
    | _may("view", "directory.glossaryterm", "directory.linkcheck")
    | _may("view", "offers.legalbasis", "offers.occupationalfield", "offers.situation")
    | _may("add view", "directory.import")
    | {"directory.export_records"}
)
EVERY_CONTENT = (
    _may(ALL, "directory.agency", "directory.contactpoint", "offers.offer", *PARTS, *WORDS, *PLACES)
    | _may("add change view", "directory.page")
    | _may("change view", "directory.groupcheck", "directory.visitorreport")
    | _may("view", "accounts.auditentry", "directory.linkcheck", "offers.searchgap")
    | _may("add view", "directory.import")
    | {"directory.export_records", "directory.merge_records"}
)

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.EDITOR: OWN_CONTENT | SLOTS,
    # Enquiries and appointments hang on the membership (``visible_to``); public content is not theirs.
    Role.COUNSELOR: _may("view", "counseling.enquiry", "counseling.booking", "counseling.slotrule")
    | _may(ALL, "counseling.deskabsence", "counseling.slotblock", "counseling.textblock"),
    Role.LEAD: OWN_CONTENT
    | SLOTS
    | _may("add change view", "directory.membership", "counseling.enquirydesk")
    | _may("view", "counseling.enquiry", "counseling.booking")
    | _may(ALL, "counseling.deskabsence", "counseling.textblock")
    | _may("view", "accounts.auditentry", *RULES)
    | {"counseling.sign_off_rules", "counseling.switch_off_rules"},
    Role.COORDINATOR: EVERY_CONTENT
    | SLOTS
    | _may(ALL, *RULES)
    | {"counseling.activate_rules", "counseling.sign_off_rules", "counseling.switch_off_rules"},
    Role.SCHOOL: OWN_CONTENT,
}


class RoleBackend(ModelBackend):
    """Passwords as in Django; rights from the role alone. Groups and single permissions count for nothing."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account with its agency, read anew at every request."""
        user = User.objects.select_related("membership__agency").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """No rights by hand."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """No rights by group."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return what the role may do; superusers are asked nowhere, Django lets them pass."""
        role = role_of(user_obj) if user_obj.is_active and not user_obj.is_anonymous and obj is None else None
        return set(PERMISSIONS[role]) if role else set()

    def with_perm(self, *args: Any, **kwargs: Any) -> QuerySet:
        """Nobody is looked up by a stored right, because none is stored."""
        raise NotImplementedError
