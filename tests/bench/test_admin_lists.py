"""The lists of the back office ask the database as often for many rows as for few; times are in bench/admin_lists.py."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.crowd import Size, fill
from directory.models import Agency
from tests.factories.accounts import log_in, staff

LIST_CEILING, QUEUE_CEILING = 12, 15


def lists() -> dict[str, str]:
    return {
        model._meta.label: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }


def numbers(clients: dict[str, Client]) -> dict[tuple[str, str], int]:
    """Return how many queries each page asks that a role may open."""
    pages = {**lists(), "queue": reverse("admin:index"), "counts": reverse("admin:queue_counts")}
    found = {}
    for role, client in clients.items():
        for name, address in pages.items():
            if role == "coordinator" and name in lists():
                continue  # the same rows as the technician's
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
            if status == 200:
                found[role, name] = len(queries)
    return found


@pytest.mark.slow
def test_lists_and_queue_ask_as_often_for_many_rows_as_for_few(region: None, quick_pages: None) -> None:
    on = timezone.localdate()
    fill(Size(offers=10, agencies=4, users=4, audit=4), on=on)
    home = Agency.objects.filter(slug__startswith="menge-").earliest("slug")
    people = {
        "technician": staff("technik", is_superuser=True),
        "coordinator": staff("koordination", role="coordinator"),
        "editor": staff("redaktion", agency=home),
    }
    clients = {role: log_in(Client(), user) for role, user in people.items()}
    few = numbers(clients)
    fill(Size(offers=150, agencies=80, users=80, audit=200), on=on)
    many = numbers(clients)
    assert many.keys() == few.keys()
    assert {name for _role, name in many} >= {"offers.Offer", "directory.Agency", "accounts.User", "queue"}
    assert {key: (few[key], many[key]) for key in many if many[key] > few[key] + (key[1] in ("queue", "counts"))} == {}
    lists_only = {key: number for key, number in many.items() if key[1] not in ("queue", "counts")}
    assert {key: number for key, number in lists_only.items() if number > LIST_CEILING} == {}
    assert max(number for key, number in many.items() if key not in lists_only) <= QUEUE_CEILING
