"""Hours, contact and law say on the public page when somebody last looked at them, each for itself."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from directory.actions import raise_content_version
from directory.freshness import state
from directory.models import ContactPoint
from offers.models import Offer
from tests.factories.directory import ContactPointFactory
from tests.factories.offers import OfferFactory

CHECKED, LATER = date(2026, 9, 1), date(2026, 11, 3)


@pytest.fixture(autouse=True)
def today(fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")


def days(client: Client, record: Any) -> list[str]:
    text = client.get(record.get_absolute_url()).text
    found = re.findall(r"<span>((?:Kontakt|Zeiten|Bedingungen und Kosten) geprüft am [^<]+)</span>", text)
    assert text.count("geprüft am") == len(found) + 1  # the line about the whole record stays
    return found


def test_hours_and_contact_have_days_of_their_own(db: None, client: Client) -> None:
    point = ContactPointFactory(full=True, checked_on=CHECKED, verified=True, source="Auskunft der Stelle")
    state.refresh([point], on=LATER)
    assert days(client, point) == ["Kontakt geprüft am 1. September 2026", "Zeiten geprüft am 1. September 2026"]
    state.confirm([point], by="link", on=LATER, groups=["hours"])
    raise_content_version()
    assert days(client, point) == ["Kontakt geprüft am 1. September 2026", "Zeiten geprüft am 3. November 2026"]


def test_what_is_missing_or_was_never_checked_has_no_day(db: None, client: Client) -> None:
    point = ContactPointFactory(full=True, checked_on=CHECKED, verified=True, source="Auskunft der Stelle")
    assert days(client, point) == []
    state.refresh([point], on=LATER)
    ContactPoint.objects.get(pk=point.pk).schedules.all().delete()
    raise_content_version()
    assert days(client, point) == ["Kontakt geprüft am 1. September 2026"]


def test_the_law_of_an_offer_has_its_day(db: None, client: Client) -> None:
    offer = OfferFactory(checked_on=CHECKED)
    state.confirm([offer], by="staff", on=LATER, groups=["law"])
    assert days(client, Offer.objects.get(pk=offer.pk)) == ["Bedingungen und Kosten geprüft am 3. November 2026"]
