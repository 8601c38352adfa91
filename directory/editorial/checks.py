"""What is asked before something becomes public. This module knows no models, so that an app may import it early."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.db.models import Model

STOP, REASON, HINT = "stop", "reason", "hint"


class Finding(Protocol):
    """A point that speaks against it. ``severity``: cannot be published, needs a written reason, good to know."""

    field: str
    severity: str
    text: object
    sentences: Sequence[str]


class Check(Protocol):
    """Looks at an item."""

    def __call__(self, obj: "Model", *, on: date) -> Sequence[Finding]:
        """Return what speaks against publishing the item on the day ``on``."""


_paths: list[str] = []


def register_check(path: str) -> None:
    """Add a check by its dotted path; it is called with the item as it would be public, and the day."""
    if path not in _paths:
        _paths.append(path)


def findings_of(obj: "Model", on: date) -> list[Finding]:
    """Return what all checks find."""
    return [finding for path in _paths for finding in cast("Check", import_string(path))(obj, on=on)]


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """Return what cannot be published at all."""
    return [finding for finding in findings if finding.severity == STOP]


def needs_reason(findings: Sequence[Finding]) -> bool:
    """Whether it may only be published with a written reason."""
    return any(finding.severity == REASON for finding in findings)
