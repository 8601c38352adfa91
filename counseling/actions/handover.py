"""Handing over with consent: staff propose, the person reads exactly what would move, and says yes or no.

Only what was ticked is copied, into an enquiry of its own at the other agency, with a code of its own.
Withdrawing stops what comes later; the other agency gets the task to delete or to name a legal ground.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.keys import key_ring
from accounts.models import User
from accounts.outbox import enqueue
from counseling.about import About
from counseling.actions.desk import NotYoursError, may_read
from counseling.actions.enquiries import (
    MAIL_ANSWER,
    MAIL_NEW,
    ClosedError,
    Draft,
    Sent,
    about_of,
    audit_subject,
    locked,
    send_enquiry,
    wants_mail,
)
from counseling.codes import Code, secret_of, token_hash
from counseling.models import AgeBand, Consent, Enquiry, Message, Note, Proposal
from counseling.periods import AT_MOST
from counseling.sealing import Keys, seal, unseal
from directory.models import Agency

MESSAGES = "messages"
ABOUT_FIELDS = ("first_name", "age_band", "municipality", "email", "phone")
TASK = _("Einwilligung zurückgezogen: bitte löschen oder die Rechtsgrundlage hier notieren.")


class TooYoungError(Exception):
    """Under 15 a consent is talked about in person, never asked for on a page."""


@dataclass(frozen=True)
class Offer:
    """Exactly what would be passed on, to whom and what for."""

    recipient: str
    purpose: str
    text: str
    about: dict[str, Any]
    fields: tuple[str, ...]

    def to_json(self) -> str:
        """Return what is sealed and hashed: the same text always gives the same hash."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Offer":
        """Read it back."""
        data = json.loads(text)
        return cls(**{**data, "fields": tuple(data["fields"])})

    def lines(self) -> list[tuple[str, str]]:
        """Return (name, value) of what is passed on about the person, in words."""
        return About(**self.about).lines(without=("way",))

    @property
    def text_hash(self) -> str:
        """What the proof keeps."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@transaction.atomic
def propose(
    *,
    enquiry: Enquiry,
    user: User,
    target: Agency,
    recipient: str,
    purpose: str,
    fields: Iterable[str],
    channel: str,
    at: datetime,
) -> Proposal:
    """Write down what would be passed on. Online it waits for the person; said in person, it counts at once.

    Raises NotYoursError, ClosedError, TooYoungError, and ValueError for the own agency.
    """
    row = _mine(enquiry, user)
    keys = Keys()
    about = about_of(row, keys)
    if channel == Consent.Channel.ONLINE and about.age_band == AgeBand.UNDER_15:
        raise TooYoungError
    if target.pk == row.agency_id:
        raise ValueError("an enquiry is not handed over to its own agency")
    offer = _offer(row, about, recipient, purpose, tuple(fields), keys)
    proposal = Proposal(enquiry=row, target=target, asked_at=at, asked_by=user)
    seal(proposal, "offer", offer.to_json(), agency=row.agency_id, keys=keys, at=at)
    proposal.save(force_insert=True)
    _note_deed(row, user, "enquiry.propose_handover", at=at)
    if channel == Consent.Channel.ONLINE and wants_mail(about):
        enqueue(kind=MAIL_ANSWER, subject=str(row.pk), at=at)
    return proposal


def offer_of(proposal: Proposal, keys: Keys) -> Offer:
    """Return exactly what would be, or was, passed on."""
    return Offer.from_json(unseal(proposal, "offer", keys=keys))


@transaction.atomic
def agree(*, proposal: Proposal, due_at: datetime, channel: str, at: datetime, recorded_by: User | None = None) -> Sent:
    """Copy what was ticked to the other agency and keep the proof. Saying yes twice copies once."""
    row = locked(proposal.enquiry)
    held = Proposal.objects.select_for_update(of=("self",)).select_related("target").get(pk=proposal.pk)
    if held.state not in (Proposal.State.WAITING, Proposal.State.GIVEN) or row.is_closed:
        raise ClosedError
    keys = Keys()
    offer = offer_of(held, keys)
    draft = Draft(
        agency=held.target,
        topic=row.topic,
        text=offer.text,
        about=About(**offer.about),
        due_at=due_at,
        notice_version=row.notice_version,
    )
    sent = send_enquiry(draft=draft, token=_token(held), source="", at=at)
    if held.state == Proposal.State.WAITING:
        held.state, held.decided_at = Proposal.State.GIVEN, at
        held.save(update_fields=["state", "decided_at"])
        Consent.objects.create(
            public_id=row.public_id,
            proposal=held,
            copied_to=sent.enquiry,
            source=row.agency,
            target=held.target,
            text_hash=offer.text_hash,
            fields=",".join(offer.fields),
            channel=channel,
            recorded_by=recorded_by,
            given_at=at,
            expires_at=row.received_at + AT_MOST,
        )
        _note_deed(row, recorded_by, "enquiry.hand_over", at=at)
    return sent


def code_of_copy(proposal: Proposal) -> Code | None:
    """Return the code of the copy, for the person only: it follows from the proposal's key, so it is stored nowhere."""
    copy = Enquiry.objects.filter(token_hash=token_hash(_token(proposal))).first()
    ring = key_ring()
    if copy is None or copy.code_key not in ring.keys:
        return None
    return Code(copy.public_id, secret_of(_token(proposal), ring.derive("secret", copy.code_key)))


@transaction.atomic
def refuse(*, proposal: Proposal, at: datetime) -> None:
    """The person says no; nothing has moved and nothing will."""
    changed = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    if not changed.update(state=Proposal.State.REFUSED, decided_at=at):
        raise ClosedError
    _note_deed(proposal.enquiry, None, "enquiry.refuse_handover", at=at)


@transaction.atomic
def withdraw(*, proposal: Proposal, at: datetime) -> None:
    """The person takes a consent back: the other agency gets a task, at once."""
    held = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk, state=Proposal.State.GIVEN).first()
    if held is None:
        raise ClosedError
    held.state = Proposal.State.WITHDRAWN
    held.save(update_fields=["state"])
    consent = Consent.objects.select_related("copied_to").get(proposal=held)
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    _note_deed(proposal.enquiry, None, "enquiry.withdraw_handover", at=at)
    if consent.copied_to is not None:
        _give_task(consent.copied_to, at=at)


def must_be_deleted(enquiry: Enquiry) -> bool:
    """Whether an enquiry came by a consent that was taken back since."""
    return Consent.objects.filter(copied_to=enquiry, withdrawn_at__isnull=False).exists()


def _offer(row: Enquiry, about: About, recipient: str, purpose: str, fields: tuple[str, ...], keys: Keys) -> Offer:
    texts = [
        unseal(message, "text", keys=keys)
        for message in row.messages.filter(kind=Message.Kind.FROM_PERSON)
        if MESSAGES in fields
    ]
    kept = {name: getattr(about, name) for name in ABOUT_FIELDS if name in fields and getattr(about, name)}
    return Offer(recipient, purpose, "\n\n".join(texts) or purpose, kept, fields)


def _token(proposal: Proposal) -> str:
    """The token of the copy: saying yes twice sends the same form twice."""
    return f"handover {proposal.pk}"


def _give_task(enquiry: Enquiry, *, at: datetime) -> None:
    row = locked(enquiry)
    note = Note(enquiry=row, kind=Note.Kind.TASK, written_at=at)
    seal(note, "text", str(TASK), agency=row.agency_id, keys=Keys(), at=at)
    note.save(force_insert=True)
    if not row.is_closed:
        row.status, row.due_at = Enquiry.Status.NEW, at
        row.save(update_fields=["status", "due_at"])
        enqueue(kind=MAIL_NEW, subject=str(row.pk), at=at)


def _mine(enquiry: Enquiry, user: User) -> Enquiry:
    if not may_read(user) or not Enquiry.objects.visible_to(user).filter(pk=enquiry.pk).exists():
        raise NotYoursError
    row = locked(enquiry)
    if row.is_closed:
        raise ClosedError
    return row


def _note_deed(enquiry: Enquiry, user: User | None, action: str, *, at: datetime) -> None:
    record(actor=user, action=action, subject=audit_subject(enquiry), agency=enquiry.agency_id, at=at)
