"""Places, agencies and contact points for tests: published, confirmed, nothing known unless said."""

from datetime import date, time

import factory

from directory.actions import raise_content_version
from directory.models import (
    Absence,
    Agency,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    GlossaryTerm,
    Language,
    Locality,
    Municipality,
    NeighbourPlace,
    Phone,
    Schedule,
    ScheduleException,
    SchoolHoliday,
)


class ContentFactory(factory.django.DjangoModelFactory):
    """Raises the content version, as every way of editing does."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        instance = super()._create(model_class, *args, **kwargs)
        raise_content_version()
        return instance


class MunicipalityFactory(ContentFactory):
    class Meta:
        model = Municipality

    ags = factory.Sequence(lambda number: f"15083{number:03d}")
    name = factory.Sequence(lambda number: f"Gemeinde {number:03d}")
    kind = "einheitsgemeinde"
    latitude = 52.2
    longitude = 11.4


class LocalityFactory(ContentFactory):
    class Meta:
        model = Locality

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda number: f"Ort {number:03d}")
    postal_code = "39999"
    latitude = 52.2
    longitude = 11.4


class NeighbourPlaceFactory(ContentFactory):
    class Meta:
        model = NeighbourPlace


class SchoolHolidayFactory(ContentFactory):
    class Meta:
        model = SchoolHoliday

    name = "Herbstferien"


class LanguageFactory(ContentFactory):
    class Meta:
        model = Language
        django_get_or_create = ("code",)

    code = "de"
    name = "Deutsch"


class GlossaryTermFactory(ContentFactory):
    class Meta:
        model = GlossaryTerm

    slug = factory.Sequence(lambda number: f"wort-{number}")
    term = factory.Sequence(lambda number: f"Wort {number}")
    explanation = "Das ist ein Wort."


class AgencyFactory(ContentFactory):
    class Meta:
        model = Agency

    slug = factory.Sequence(lambda number: f"stelle-{number}")
    name = factory.Sequence(lambda number: f"Stelle {number:04d}")
    kind = "counselling"
    stelle = "beratung"
    status = "published"


class ContactPointFactory(ContentFactory):
    """A confirmed point of which only the owner is known; ``full`` knows everything."""

    class Meta:
        model = ContactPoint

    class Params:
        full = factory.Trait(
            summary="Komm mit deinen Fragen her.",
            street="Hauptstraße 1",
            postal_code="39340",
            town="Haldensleben",
            latitude=52.3006,
            longitude=11.4303,
            directions="Klingle im Hof.",
            step_free="yes",
            lift="no",
            email="stelle@example.org",
            website="https://example.org/",
            has_phone=True,
            serves_whole_county=True,
        )

    slug = factory.Sequence(lambda number: f"punkt-{number}")
    name = factory.Sequence(lambda number: f"Anlaufstelle {number:04d}")
    owner = factory.SubFactory(AgencyFactory)
    status = "published"
    verified = True
    checked_on = date(2026, 11, 2)

    @classmethod
    def _generate(cls, strategy, params):
        # A trait cannot set what is made after the row itself.
        rows = {"phones": 1, "hours": 1, "languages": ["de"]} if params.get("full") else {}
        return super()._generate(strategy, {**rows, **params})

    @factory.post_generation
    def phones(self, create, extracted, **kwargs):
        for number in range(extracted or 0):
            PhoneFactory(contact_point=self, number=f"+4939041234{number}", position=number)

    @factory.post_generation
    def hours(self, create, extracted, **kwargs):
        for weekday in range(5) if extracted else ():
            ScheduleFactory(contact_point=self, weekday=weekday)

    @factory.post_generation
    def languages(self, create, extracted, **kwargs):
        self.languages.set(
            [LanguageFactory(code=code, name=code if code != "de" else "Deutsch") for code in extracted or ()]
        )

    @factory.post_generation
    def serves(self, create, extracted, **kwargs):
        self.service_area.set(extracted or ())

    @factory.post_generation
    def shared_with(self, create, extracted, **kwargs):
        for agency in extracted or ():
            ContactPointAgency.objects.create(contact_point=self, agency=agency, role="berät hier dienstags")

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        raise_content_version()


class PhoneFactory(ContentFactory):
    class Meta:
        model = Phone

    contact_point = factory.SubFactory(ContactPointFactory)
    number = "+49390412345"
    purpose = "Beratung"


class PersonFactory(ContentFactory):
    class Meta:
        model = ContactPerson

    contact_point = factory.SubFactory(ContactPointFactory)
    name = "Beratung"


class AbsenceFactory(ContentFactory):
    class Meta:
        model = Absence


class ScheduleFactory(ContentFactory):
    """Open from 9 to 12 on Monday unless said otherwise."""

    class Meta:
        model = Schedule

    contact_point = factory.SubFactory(ContactPointFactory)
    weekday = 0
    opens_at = time(9)
    closes_at = time(12)


class ExceptionFactory(ContentFactory):
    class Meta:
        model = ScheduleException

    contact_point = factory.SubFactory(ContactPointFactory)
    kind = "closed"
