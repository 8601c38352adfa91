"""What the nightly run and the operator do with enquiries and appointments: close, change keys, answer who asks."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from accounts.audit import record
from accounts.keys import KeyMissingError
from counseling.actions.desk import close
from counseling.actions.enquiries import audit_subject
from counseling.actions.lookup import WrongCodeError, by_code
from counseling.codes import read_code
from counseling.encryption import key_id_of
from counseling.models import AgencyKey, Booking, BookingReason, Enquiry, Message, Note, Proposal
from counseling.periods import silent
from counseling.sealing import SEALED, Keys, seal, unseal, unusable_keys

BATCH = 200


def close_silent(*, at: datetime) -> int:
    """Close what nobody has touched for too long; return how many."""
    rows = list(silent(at))
    for enquiry in rows:
        close(enquiry=enquiry, user=None, outcome=Enquiry.Outcome.SILENT, at=at)
    return len(rows)


@transaction.atomic
def rewrap_keys() -> int:
    """Wrap every agency key with the master key in use; return how many. Texts stay as they are."""
    keys = Keys()
    rows = AgencyKey.objects.select_for_update().exclude(master=keys.ring.current)
    number = 0
    for row in rows:
        keys.rewrap(row)
        number += 1
    return number


def renew_keys(*, at: datetime) -> tuple[int, int]:
    """Give every agency a new key and encrypt all texts with it; return how many agencies and texts.

    In batches: it may be stopped and started again. Raises KeyMissingError before anything is changed.
    """
    if wrong := unusable_keys():
        raise KeyMissingError(next(iter(wrong)))  # else new keys would be wrapped with a wrong one
    agencies = list(AgencyKey.objects.filter(retired_at=None).values_list("agency", flat=True))
    with transaction.atomic():
        keys = Keys()
        for agency in agencies:
            keys.replace(agency, at=at)
    texts = sum(_encrypt_anew(model, fields, at=at) for model, fields in _sealed_models())
    return len(agencies), texts


def drop_unused_keys() -> int:
    """Delete retired keys no text was made with; return how many."""
    used = set()
    for model, fields in _sealed_models():
        for field in fields:
            column = f"{field}_sealed"
            used |= {key_id_of(bytes(value)) for value in model._default_manager.values_list(column, flat=True)}
    deleted, _models = AgencyKey.objects.exclude(retired_at=None).exclude(pk__in=used).delete()
    return deleted


def find_for_subject(*, typed: str, at: datetime, deed: str) -> Enquiry | Booking:
    """Return what a code opens that a person has told, and record the deed. Raises WrongCodeError."""
    code = read_code(typed)
    found = by_code(code) if code else None
    if found is None:
        raise WrongCodeError
    kind = found._meta.model_name
    record(actor=None, action=f"{kind}.{deed}", subject=audit_subject(found), agency=found.agency_id, at=at)
    return found


def _sealed_models() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    for model in (Enquiry, Message, Note, Proposal, Booking, BookingReason):
        yield model, SEALED[model._meta.label_lower]


def _encrypt_anew(model: type[Model], fields: tuple[str, ...], *, at: datetime) -> int:
    """Encrypt the rows of a model with the key in use where another one was used."""
    number = 0
    todo = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(todo), BATCH):
        with transaction.atomic():
            keys = Keys()
            rows = model._default_manager.select_for_update().filter(pk__in=todo[start : start + BATCH])
            for row in rows:
                number += _renew_row(row, fields, keys, at=at)
    return number


def _renew_row(row: Model, fields: tuple[str, ...], keys: Keys, *, at: datetime) -> int:
    agency = row.agency_id if isinstance(row, Enquiry | Booking) else _agency_of(row)
    key_id, _key = keys.current(agency, at=at)
    changed = [field for field in fields if key_id_of(bytes(getattr(row, f"{field}_sealed"))) != key_id]
    for field in changed:
        seal(row, field, unseal(row, field, keys=keys), agency=agency, keys=keys, at=at)
    if changed:
        row.save(update_fields=[f"{field}_sealed" for field in changed])
    return len(changed)


def _agency_of(row: Model) -> int:
    """Return whose key a text is sealed with that hangs on an enquiry or an appointment."""
    if isinstance(row, BookingReason):
        return int(Booking.objects.values_list("agency", flat=True).get(pk=row.booking_id))
    return int(Enquiry.objects.values_list("agency", flat=True).get(pk=row.enquiry_id))  # type: ignore[attr-defined]
