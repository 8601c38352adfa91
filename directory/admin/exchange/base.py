"""What the pages for spreadsheets share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from directory.exchange.kinds import Kind
from directory.exchange.registry import kind_of


def kind_or_404(key: str) -> Kind:
    """Return the kind with this key in the address."""
    kind = kind_of(key)
    if kind is None:
        raise Http404
    return kind


def require(request: HttpRequest, right: str, kind: Kind | None = None) -> Any:
    """Return the account when it has the right, and may see such records. Raises PermissionDenied."""
    user: Any = request.user
    rights = [right] if kind is None else [right, kind.permission.replace(".add_", ".view_")]
    if not all(user.has_perm(name) for name in rights):
        raise PermissionDenied
    return user
