"""Where one can write to a human now, or book a time. Who reads is known above this app; here it is only asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.module_loading import import_string

from directory.contact import agencies_of
from directory.models import ContactPoint
from directory.opening import BERLIN

_readers: list[str] = []
_booking: list[str] = []


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses of the forms for a door; empty where nobody would read."""

    write: str = ""
    book: str = ""


def register(path: str) -> None:
    """Say which function names the agencies that read: ``(*, at) -> frozenset`` of their keys, one query."""
    _readers[:] = [path]


def register_booking(path: str) -> None:
    """Say which function names who gives appointments where: ``(*, version, on) -> frozenset`` of (agency, point)."""
    _booking[:] = [path]


def reading(*, at: datetime) -> frozenset[int]:
    """Return the agencies where somebody reads."""
    finders: list[Callable[..., frozenset[int]]] = [import_string(path) for path in _readers]
    return frozenset().union(*(find(at=at) for find in finders))


def ask_url(point: ContactPoint | None, *, at: datetime) -> str:
    """Return the address of the form for a door, or nothing where nobody would read. One query."""
    return _write(point, reading(at=at)) if point else ""


def ways_to(point: ContactPoint | None, *, at: datetime, version: str) -> Ways:
    """Return where one can write to a door and book a time there. One query, one more when the content is new."""
    if point is None:
        return Ways()
    readers = reading(at=at)
    finders: list[Callable[..., frozenset[tuple[int, int]]]] = [import_string(path) for path in _booking]
    giving = frozenset().union(*(find(version=version, on=_day(at)) for find in finders)) if readers else frozenset()
    is_giving = any(agency.pk in readers and (agency.pk, point.pk) in giving for agency in agencies_of(point))
    book = f"{reverse('counseling:appointment')}?stelle={point.slug}" if is_giving else ""
    return Ways(_write(point, readers), book)


def _write(point: ContactPoint, readers: frozenset[int]) -> str:
    if not any(agency.pk in readers for agency in agencies_of(point)):
        return ""
    return f"{reverse('counseling:enquiry')}?stelle={point.slug}"


def _day(at: datetime) -> date:
    return at.astimezone(BERLIN).date()
