"""Two agencies become one: public content moves, the old address leads on; people and enquiries never move."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from counseling.models import AgencyKey
from directory.exchange.agencies import MOVING_APPS, STAYING_MODELS
from directory.exchange.known import Known
from directory.exchange.merging import NotMergeable, merge_records, pairs, pointing_relations
from directory.exchange.registry import kind_of
from directory.models import Agency, Change, ContactPoint, GroupCheck, LinkUse, Membership, MovedAddress, VisitorReport
from directory.rights import reach_of
from offers.models import OfferAgency
from tests.exchange.test_merging import pointing_at
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory

ADDRESS = "/admin/directory/import/zusammenfuehren/stellen/"


@pytest.fixture
def chief(db: None) -> User:
    return staff("chefin", role="coordinator", agency=AgencyFactory(kind="coordination", name="Koordination"))


@pytest.fixture
def both(db: None) -> tuple[Agency, Agency]:
    keep = AgencyFactory(slug="bleibt", name="Jobcenter Börde", website="", kind="job_centre")
    return keep, AgencyFactory(slug="geht", name="Jobcenter Boerde", website="https://example.org/", kind="job_centre")


def merged(chief: User, keep: Agency, other: Agency, **chosen: str) -> Change | None:
    kind = kind_of("stellen")
    assert kind
    return merge_records(kind, keep, other, chosen=chosen, by=chief, on=timezone.localdate(), at=timezone.now())


def filled(keep: Agency, other: Agency) -> tuple[ContactPoint, Agency]:
    """Let everything that may move point at the agency that goes."""
    point = ContactPointFactory(owner=other, full=True)
    door = ContactPointFactory(owner=keep, full=True)
    door.shares.create(agency=other, role="berät montags")
    child = AgencyFactory(slug="kind", parent=other)
    offer = OfferFactory()
    offer.roles.all().delete()
    for agency, role in ((keep, "provider"), (other, "provider"), (other, "funder")):
        OfferAgency.objects.create(offer=offer, agency=agency, role=role)
    VisitorReport.objects.create(
        kind=VisitorReport.Kind.AGENCY, key=str(other.pk), title="Jobcenter", agency=other, reason="outdated",
        created_at=timezone.now(),
    )  # fmt: skip
    return point, child


def test_everything_public_moves_and_the_address_leads_on(
    chief: User, both: tuple[Agency, Agency], client: Client
) -> None:
    keep, other = both
    point, child = filled(keep, other)
    assert merged(chief, keep, other, website="other") is None
    assert list(pointing_at(Agency.objects.get(pk=other.pk))) == []
    assert ContactPoint.objects.get(pk=point.pk).owner == keep
    assert Agency.objects.get(pk=child.pk).parent == keep
    assert sorted(OfferAgency.objects.values_list("agency", "role")) == [(keep.pk, "funder"), (keep.pk, "provider")]
    assert (VisitorReport.objects.get().agency, VisitorReport.objects.get().key) == (keep, str(keep.pk))
    other.refresh_from_db()
    assert (other.status, Agency.objects.get(pk=keep.pk).website) == ("archived", "https://example.org/")
    answer = client.get("/stellen/geht/")
    assert (answer.status_code, answer["Location"]) == (301, "/stellen/bleibt/")
    assert client.get(answer["Location"]).status_code == 200
    entry = AuditEntry.objects.get(action="agency.merge")
    assert (entry.subject, entry.agency, entry.detail) == (
        f"directory.agency:{keep.pk}", keep.pk, f"directory.agency:{other.pk}; website",
    )  # fmt: skip


def test_an_account_never_changes_its_agency(chief: User, both: tuple[Agency, Agency]) -> None:
    keep, other = both
    staff("anna", agency=other)
    with pytest.raises(NotMergeable, match="hängen noch: Personen"):
        merged(chief, keep, other)
    assert Membership.objects.get(user__username="anna").agency == other
    # Those of the agency that stays are no obstacle.
    assert merged(chief, other, keep) is None


def test_an_agency_with_enquiries_never_goes(chief: User, both: tuple[Agency, Agency]) -> None:
    keep, other = both
    AgencyKey.objects.create(agency=other, master="test", wrapped=b"x", created_at=timezone.now())
    with pytest.raises(NotMergeable, match="Eine Anfrage gehört einer Stelle und ihrem Schlüssel"):
        merged(chief, keep, other)
    other.refresh_from_db()
    assert (other.status, AgencyKey.objects.get().agency_id, MovedAddress.objects.count()) == (
        "published", other.pk, 0,
    )  # fmt: skip


def test_every_relation_either_moves_or_stays() -> None:
    """A new model that names an agency stays with it unless it is one of the content."""
    moves, stays = set(), set()
    for relation in pointing_relations(Agency):
        model = relation.related_model
        is_moving = model._meta.app_label in MOVING_APPS and model not in STAYING_MODELS
        (moves if is_moving else stays).add(model._meta.label)
    assert moves == {
        "directory.Agency", "directory.Change", "directory.ConfirmationRequest", "directory.ContactPoint",
        "directory.ContactPointAgency", "directory.GroupCheck", "directory.Import", "directory.LinkUse",
        "directory.VisitorReport", "offers.OfferAgency",
    }  # fmt: skip
    assert {"counseling.Enquiry", "counseling.AgencyKey", "counseling.SignOff", "directory.Membership"} <= stays
    assert {apps.get_model(label)._meta.app_label for label in stays} == {"counseling", "directory"}
    assert GroupCheck._meta.label in moves and LinkUse._meta.label in moves


def test_an_agency_never_becomes_its_own_parent(chief: User, both: tuple[Agency, Agency]) -> None:
    keep, other = both
    middle = AgencyFactory(slug="mitte", parent=other)
    Agency.objects.filter(pk=keep.pk).update(parent=middle)
    with pytest.raises(NotMergeable, match="Bitte andersherum"):
        merged(chief, Agency.objects.get(pk=keep.pk), other)
    assert merged(chief, other, keep, parent="other") is None
    assert Agency.objects.get(pk=other.pk).parent is None
    kind: Any = kind_of("stellen")
    assert "parent" not in {
        pair.column.name for pair in pairs(kind, keep, other, Known(reach_of(chief), timezone.localdate()))
    }


def test_what_the_region_names_stays(chief: User, both: tuple[Agency, Agency], settings: Any) -> None:
    keep, other = both
    settings.REGION = {**settings.REGION, "ombuds_agency": other.slug}
    with pytest.raises(NotMergeable, match="Regionsordner"):
        merged(chief, keep, other)


def test_page_says_why_not_before_it_asks(both: tuple[Agency, Agency], chief: User) -> None:
    keep, other = both
    desk = log_in(Client(), chief)
    chosen = {"action": "merge_records", "_selected_action": [keep.pk, other.pk]}
    address = desk.post("/admin/directory/agency/", chosen)["Location"]
    assert 'value="Zusammenführen"' in desk.get(address).text
    staff("anna", agency=other)
    shown = desk.get(f"{address.split('?')[0]}?bleibt={keep.pk}&geht={other.pk}").text
    assert ("hängen noch: Personen" in shown, 'value="Zusammenführen"' in shown) == (True, False)
    assert log_in(Client(), staff("lena", role="lead", agency=keep)).get(address).status_code == 403
