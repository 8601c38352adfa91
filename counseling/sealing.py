"""Sealing and opening the texts of rows: which agency's key, and for which place."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import Model

from accounts.keys import KeyMissingError, key_ring
from counseling.encryption import decrypt, encrypt, new_data_key, place_of, unwrap, wrap
from counseling.models import AgencyKey

SEALED: dict[str, tuple[str, ...]] = {
    "counseling.enquiry": ("about",),
    "counseling.message": ("text",),
    "counseling.note": ("text",),
    "counseling.proposal": ("offer",),
    "counseling.booking": ("about", "word"),
    "counseling.bookingreason": ("text",),
}
"""Every field that holds a ciphertext, without its ending ``_sealed``."""


class Keys:
    """The agency keys one piece of work needs, each fetched and unwrapped once."""

    def __init__(self) -> None:
        self.ring = key_ring()
        self._opened: dict[UUID, bytes] = {}
        self._current: dict[int, UUID] = {}

    def current(self, agency: int, *, at: datetime) -> tuple[UUID, bytes]:
        """Return id and key an agency seals with now; its first one is made here."""
        if agency not in self._current:
            row = AgencyKey.objects.filter(agency_id=agency, retired_at=None).first() or self._first(agency, at=at)
            self._remember(row)
            self._current[agency] = row.pk
        key_id = self._current[agency]
        return key_id, self._opened[key_id]

    def opened(self, key_id: UUID) -> bytes:
        """Return a key by its id. Raises KeyMissingError."""
        if key_id not in self._opened:
            row = AgencyKey.objects.filter(pk=key_id).first()
            if row is None:
                raise KeyMissingError("Der Schlüssel der Stelle ist gelöscht.")
            self._remember(row)
        return self._opened[key_id]

    def replace(self, agency: int, *, at: datetime) -> AgencyKey:
        """Retire the key of an agency and return a new one."""
        AgencyKey.objects.filter(agency_id=agency, retired_at=None).update(retired_at=at)
        row = AgencyKey.objects.create(agency_id=agency, created_at=at, **self._fresh())
        self._remember(row)
        self._current[agency] = row.pk
        return row

    def rewrap(self, row: AgencyKey) -> None:
        """Wrap a key with the master key in use now."""
        row.wrapped = wrap(self.opened(row.pk), key_id=row.pk, ring=self.ring)
        row.master = self.ring.current
        row.save(update_fields=["wrapped", "master"])

    def _first(self, agency: int, *, at: datetime) -> AgencyKey:
        """Make a key. Two at the same moment: the constraint lets one win, both then use that one."""
        row, _created = AgencyKey.objects.get_or_create(
            agency_id=agency, retired_at=None, defaults={**self._fresh(), "created_at": at}
        )
        return row

    def _fresh(self) -> dict[str, object]:
        row = AgencyKey()
        return {
            "pk": row.pk,
            "wrapped": wrap(new_data_key(), key_id=row.pk, ring=self.ring),
            "master": self.ring.current,
        }

    def _remember(self, row: AgencyKey) -> None:
        self._opened[row.pk] = unwrap(bytes(row.wrapped), key_id=row.pk, master=row.master, ring=self.ring)


def seal(row: Model, field: str, text: str, *, agency: int, keys: Keys, at: datetime) -> None:
    """Put a text into a row, readable only with the key of the agency."""
    key_id, key = keys.current(agency, at=at)
    setattr(row, f"{field}_sealed", encrypt(text, key=key, key_id=key_id, place=_place(row, field)))


def unseal(row: Model, field: str, *, keys: Keys) -> str:
    """Return the text of a row. Raises UnreadableError or KeyMissingError. Who may ask is decided before."""
    return decrypt(bytes(getattr(row, f"{field}_sealed")), key_of=keys.opened, place=_place(row, field))


def _place(row: Model, field: str) -> bytes:
    return place_of(row._meta.label_lower, row.pk, field)


def unusable_keys() -> Counter[str]:
    """Return why which number of agency keys cannot be unwrapped with the ring; empty when all can."""
    found: Counter[str] = Counter()
    rows = list(AgencyKey.objects.all())
    try:
        ring = key_ring() if rows else None
    except KeyMissingError as error:
        return Counter({str(error): len(rows)})
    for row in rows:
        try:
            unwrap(bytes(row.wrapped), key_id=row.pk, master=row.master, ring=ring)  # type: ignore[arg-type]
        except KeyMissingError as error:
            found[str(error)] += 1
    return found
