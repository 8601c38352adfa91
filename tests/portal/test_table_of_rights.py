"""The table of rights itself: it names real rights, holds for every role, and nothing beside it counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import OneTimeLink, Throttle, ThrottleKey, User
from directory.models import Membership, Role
from directory.rights import Reach, agency_of, needs_second_factor, reach_of
from ruemsa_portal.retention import RULES, purge
from ruemsa_portal.rights import PERMISSIONS
from tests.factories.accounts import agency_for, staff

ENQUIRY_ROLES = {Role.COUNSELOR, Role.LEAD}


def test_every_role_has_its_line() -> None:
    assert set(PERMISSIONS) == set(Role)


def test_every_right_in_the_table_exists() -> None:
    real = set()
    for model in apps.get_models():
        label, name = model._meta.app_label, model._meta.model_name
        real |= {f"{label}.{action}_{name}" for action in model._meta.default_permissions}
        real |= {f"{label}.{code}" for code, _words in model._meta.permissions}
    assert {right for rights in PERMISSIONS.values() for right in rights} - real == set()


def test_no_role_gives_rights_over_accounts() -> None:
    found = {right for rights in PERMISSIONS.values() for right in rights if right.startswith(("accounts.", "auth."))}
    assert found == {"accounts.view_auditentry"}


def test_only_leads_give_roles() -> None:
    assert [role for role, rights in PERMISSIONS.items() if "directory.add_membership" in rights] == [Role.LEAD]


@pytest.mark.parametrize("role", list(Role))
def test_account_has_the_rights_of_its_role_and_no_others(db: None, role: Role) -> None:
    user = staff("person", role=role)
    group = Group.objects.create(name="alle")
    group.permissions.set(Permission.objects.all())
    user.groups.add(group)
    user.user_permissions.set(Permission.objects.all())
    user = User.objects.get(pk=user.pk)
    assert user.get_all_permissions() == PERMISSIONS[role]
    assert user.has_perm("accounts.change_user") is False
    assert user.has_module_perms("directory") is any(right.startswith("directory.") for right in PERMISSIONS[role])


def test_account_without_agency_or_closed_has_none(db: None) -> None:
    alone = User.objects.create_user("allein", is_staff=True)
    closed = staff("zu", role="coordinator", is_active=False)
    assert [user.get_all_permissions() for user in (alone, closed)] == [set(), set()]
    assert [reach_of(user) for user in (alone, closed)] == [Reach(), Reach()]


def test_how_far_rights_reach(db: None) -> None:
    people = {role: staff(role, role=role) for role in Role}
    technician = staff("technik", is_superuser=True)
    everything = {name for name, user in people.items() if reach_of(user).everything}
    assert everything == {Role.COORDINATOR}
    assert reach_of(technician).everything
    assert agency_of(technician) is None
    assert reach_of(people[Role.EDITOR]).agency == agency_for("editor").pk
    compulsory = {name for name, user in people.items() if needs_second_factor(user)}
    assert compulsory == ENQUIRY_ROLES
    assert needs_second_factor(technician)


def test_technician_is_no_member_and_speaks_for_nobody(db: None) -> None:
    technician = staff("technik", is_superuser=True)
    row = Membership(user=technician, agency=agency_for("lead"), role="lead")
    with pytest.raises(ValidationError, match="Die Technik gehört zu keiner Stelle"):
        row.full_clean()
    row.save()
    assert agency_of(User.objects.get(pk=technician.pk)) is None


def test_what_the_login_leaves_behind_is_deleted_on_the_next_day(db: None, fix_time: Any) -> None:
    fix_time("2026-11-22 12:00")
    now = timezone.now()
    ThrottleKey.objects.create(day="2026-11-22", key="aa")
    Throttle.objects.create(key="k", last_at=now)
    OneTimeLink.objects.create(
        user=staff("x"), purpose="reset", token_hash="h", created_at=now, expires_at=now + timedelta(hours=1)
    )
    names = ("one_time_links", "throttles", "throttle_keys")
    rules = [rule for rule in RULES if rule.name in names]
    assert [purge(rule, on=timezone.localdate()) for rule in rules] == [0, 0, 0]
    fix_time("2026-11-23 03:00")
    assert [purge(rule, on=timezone.localdate()) for rule in rules] == [1, 1, 1]
