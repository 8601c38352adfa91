"""Inviting people to the back office, and closing their way in again."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record, subject_of
from accounts.emails import send_link
from accounts.links import make_link
from accounts.models import OneTimeLink, User
from accounts.second_factor import switch_off
from accounts.sessions import end_sessions
from directory.models import Agency, Membership


@transaction.atomic
def add_member(*, username: str, email: str, agency: Agency, role: str, by: User | None, at: datetime) -> Membership:
    """Create an account without a password at an agency. Raises ValidationError when the role does not fit."""
    user = User(username=username, email=email, is_staff=True)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    membership = Membership(user=user, agency=agency, role=role)
    membership.full_clean()
    membership.save()
    _note(membership, "invite", by=by, at=at, detail=role)
    return membership


def invite(*, membership: Membership, at: datetime) -> bool:
    """Send the link with which the person chooses a password; False when the mail did not leave.

    Never call it inside a transaction: the link must be there when the mail arrives.
    """
    purpose = OneTimeLink.Purpose.RESET if membership.user.has_usable_password() else OneTimeLink.Purpose.INVITATION
    token = make_link(user=membership.user, purpose=purpose, at=at)
    return send_link(user=membership.user, purpose=purpose, token=token)


@transaction.atomic
def set_active(*, membership: Membership, is_active: bool, by: User | None, at: datetime) -> None:
    """Open or close an account; closing ends its logins and its links."""
    user = membership.user
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        end_sessions(user=user)
        user.one_time_links.filter(used_at=None).delete()
    _note(membership, "open" if is_active else "close", by=by, at=at)


@transaction.atomic
def reset_second_factor(*, membership: Membership, by: User | None, at: datetime) -> None:
    """Forget a lost app and its recovery codes; the next login sets up a new one where it is compulsory."""
    switch_off(user=membership.user)
    end_sessions(user=membership.user)
    _note(membership, "second_factor_reset", by=by, at=at)


def note_role(*, membership: Membership, before: str, by: User | None, at: datetime) -> None:
    """Say in the audit log that somebody got another role. Call it in the transaction that changes it."""
    _note(membership, "role", by=by, at=at, detail=f"{before} > {membership.role}")


def _note(membership: Membership, deed: str, *, by: User | None, at: datetime, detail: str = "") -> None:
    record(
        actor=by,
        action=f"membership.{deed}",
        subject=subject_of(membership),
        at=at,
        agency=membership.agency_id,
        detail=detail,
    )
