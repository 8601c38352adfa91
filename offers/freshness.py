"""What grows old about an offer: the way in, the rules, the text."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.freshness.directory_subjects import field_lines
from directory.freshness.forms import FieldsForm
from directory.freshness.subjects import Group, Line, Subject
from directory.models import FieldGroup
from offers.models import Offer, OfferAgency

ROLE_ORDER = (
    OfferAgency.Role.PROVIDER,
    OfferAgency.Role.OPERATOR,
    OfferAgency.Role.REFERRER,
    OfferAgency.Role.FUNDER,
)
"""Whoever makes the offer knows it best."""


class OfferContactForm(FieldsForm):
    """Where it is, and whether there is room."""

    class Meta:
        model = Offer
        fields = ("place_note", "is_remote", "capacity", "answer_within_days")


class OfferLawForm(FieldsForm):
    """Who may, what it costs, who decides."""

    class Meta:
        model = Offer
        fields = ("age_state", "age_min", "age_max", "cost", "cost_text", "gets_text", "decides_text", "application")


class OfferTextForm(FieldsForm):
    """What one reads about it."""

    class Meta:
        model = Offer
        fields = ("title", "summary", "for_whom", "description", "steps", "to_bring", "duration")


def _owners(rows: QuerySet[Any]) -> Any:
    order = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER)), output_field=IntegerField()
    )
    roles = OfferAgency.objects.filter(offer__in=rows.order_by().values("pk"))
    return roles.order_by("offer_id", order, "pk").values_list("offer_id", "agency_id")


def _contact_lines(offer: Offer) -> Iterator[Line]:
    yield _("Hier zuerst fragen"), offer.contact.name if offer.contact else _("nichts eingetragen")
    for point in offer.contact_points.all():
        yield _("Anlaufstelle"), point.name
    yield from field_lines(offer, [name for name in OfferContactForm.base_fields if name != "is_remote"])
    yield _("Online oder am Telefon"), _("ja") if offer.is_remote else _("nein")


def _law_lines(offer: Offer) -> Iterator[Line]:
    for basis in offer.legal_bases.all():
        yield _("Rechtsgrundlage"), str(basis)
    for condition in offer.preconditions.all():
        yield _("Voraussetzung"), condition.text
    for deadline in offer.deadlines.all():
        yield _("Frist"), deadline.text
    yield from field_lines(offer, OfferLawForm.base_fields)


OFFER = Subject(
    model=Offer,
    noun=gettext_lazy("Dieses Angebot"),
    owners=_owners,
    groups={
        FieldGroup.CONTACT: Group(gettext_lazy("Ort und Plätze"), _contact_lines, OfferContactForm),
        FieldGroup.LAW: Group(gettext_lazy("Bedingungen und Kosten"), _law_lines, OfferLawForm),
        FieldGroup.TEXT: Group(
            gettext_lazy("Text"), lambda offer: field_lines(offer, OfferTextForm.base_fields), OfferTextForm
        ),
    },
)
