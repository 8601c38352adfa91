"""An import as the tests need it: from rows of text to what became of them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from directory.exchange import steps
from directory.exchange.registry import kind_of
from directory.exchange.sheets import table_of
from directory.models import Import
from directory.rights import reach_of


@pytest.fixture
def bring(db: None) -> Callable[..., Import]:
    """Return a function that brings rows of text as somebody, checks them, and enters them unless told not to."""

    def run(user: User, lines: list[list[str]], *, kind: str = "anlaufstellen", enter: bool = True) -> Import:
        reach = reach_of(user)
        values: dict[str, Any] = {"agency": reach.agency, "by": user, "at": timezone.now()}
        found = kind_of(kind)
        assert found
        batch = steps.begin(key=uuid4(), kind=found, sheet=table_of(lines), **values)
        if batch.state == "columns":
            steps.map_columns(batch, [name or "" for name in batch.mapping])
        go_on(batch, user)
        if enter and steps.start(batch):
            go_on(batch, user)
        return Import.objects.get(pk=batch.pk)

    return run


def go_on(batch: Import, user: User) -> steps.Progress:
    """Do what waits, to the end."""
    batch.refresh_from_db()
    return steps.work(batch, reach=reach_of(user), by=user, on=timezone.localdate(), at=timezone.now(), seconds=60)
