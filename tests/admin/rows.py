"""One row of every kind, and what a browser would send for a form."""

from datetime import UTC, date, datetime
from uuid import uuid4

from accounts.models import User
from directory import models as directory
from offers import models as offers


def make_rows(number: int) -> dict[type, object]:
    """Create one row of every model with everything that may hang on it; return it by model."""
    n = f"{number:03d}"
    place = directory.Municipality.objects.create(
        ags=f"99000{n}", name=f"Dorf {n}", kind="einheitsgemeinde", latitude=52.0, longitude=11.0
    )
    parent = directory.Agency.objects.create(slug=f"amt-{n}", name=f"Amt {n}", kind="county", legal_area="sgb8")
    agency = directory.Agency.objects.create(slug=f"stelle-{n}", name=f"Stelle {n}", kind="county", parent=parent)
    language = directory.Language.objects.create(code=f"x{n}", name=f"Sprache {n}")
    point = directory.ContactPoint.objects.create(
        slug=f"haus-{n}", name=f"Haus {n}", owner=agency, municipality=place, checked_on=date(2026, 1, 1)
    )
    point.languages.add(language)
    point.service_area.add(place)
    boss = directory.ContactPerson.objects.create(contact_point=point, name=f"Leitung {n}")
    person = directory.ContactPerson.objects.create(contact_point=point, name=f"Beratung {n}", substitute=boss)
    directory.Absence.objects.create(person=person, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2))
    directory.Phone.objects.create(contact_point=point, number="+4939041000")
    directory.ContactPointAgency.objects.create(contact_point=point, agency=parent, role="berät")
    directory.Schedule.objects.create(
        contact_point=point, weekday=0, opens_at="08:00", closes_at="12:00", person=person
    )
    directory.ScheduleException.objects.create(
        contact_point=point, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1), person=person
    )
    situation = offers.Situation.objects.create(slug=f"lage-{n}", label=f"Lage {n}")
    field = offers.OccupationalField.objects.create(slug=f"feld-{n}", name=f"Feld {n}")
    basis = offers.LegalBasis.objects.create(statute="SGB III", paragraph=f"§ {n}")
    offer = offers.Offer.objects.create(
        slug=f"angebot-{n}", title=f"Angebot {n}", summary="Kurz.", kind="beratung", contact=point
    )
    offer.situations.add(situation)
    offer.occupational_fields.add(field)
    offer.legal_bases.add(basis)
    offer.contact_points.add(point)
    offer.municipalities.add(place)
    offers.OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    offers.Precondition.objects.create(offer=offer, text="Du bist da.")
    offers.Deadline.objects.create(offer=offer, kind="yearly", month=3, day=15, text="Melde dich an.")
    table = directory.Import.objects.create(
        key=uuid4(), kind="anlaufstellen", agency=agency, at=datetime(2026, 1, 1, tzinfo=UTC), state="ready",
        header=["Name"], mapping=["name"],
    )  # fmt: skip
    for line in range(number):
        table.rows.create(number=line + 2, cells=["Haus"], outcome="double", candidates=[point.pk])
    others = [
        table,
        directory.Locality.objects.create(
            municipality=place, name=f"Ort {n}", postal_code="99999", latitude=52, longitude=11
        ),
        directory.NeighbourPlace.objects.create(name=f"Stadt {n}", county="Kreis"),
        directory.SchoolHoliday.objects.create(
            name=f"Ferien {n}", starts_on=date(2026, 7, 1), ends_on=date(2026, 8, 1)
        ),
        directory.GlossaryTerm.objects.create(slug=f"wort-{n}", term=f"Wort {n}", explanation="Das heißt so."),
        directory.SynonymGroup.objects.create(name=f"Gruppe {n}", words=f"Lehre\nAusbildung {n}"),
        directory.Page.objects.create(slug=f"seite-{n}", title=f"Seite {n}", body="Text."),
        User.objects.create_user(f"konto{n}", is_staff=True),
        directory.Membership.objects.create(
            user=User.objects.create_user(f"person{n}", is_staff=True), agency=agency, role="editor"
        ),
    ]
    rows = [place, agency, language, point, person, situation, field, basis, offer, *others]
    return {type(row): row for row in rows}


def form_data(response) -> dict[str, str | list[str]]:
    """Return what a browser would send for the form of an add or change page as it was opened."""
    data: dict[str, str | list[str]] = {}
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, list | tuple) or hasattr(value, "iterator"):
                data[bound.html_name] = [str(getattr(item, "pk", item)) for item in value]
            else:
                data[bound.html_name] = "on" if value is True else str(value)
    return data
