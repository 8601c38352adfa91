"""Contact points: the places people go to, call or write (HSDS location and contact)."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models.agency import Agency
from directory.models.places import Municipality
from directory.models.review import AbsentState, PublicQuerySet, Publishable, TriState

e164 = RegexValidator(r"^\+[1-9][0-9]{5,14}$", _("Bitte mit Ländervorwahl und ohne Leerzeichen: +49390412345."))


class Language(models.Model):
    """A language in which help is given; the code is BCP 47."""

    code = models.CharField(_("Kürzel"), max_length=12, primary_key=True)
    name = models.CharField(_("Sprache"), max_length=60, unique=True)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Sprache")
        verbose_name_plural = _("Sprachen")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactPoint(Publishable):
    """Anlaufstelle: one door. One agency owns and maintains it, others may share it."""

    slug = models.SlugField(
        _("Kurzname in der Adresse"),
        max_length=60,
        unique=True,
        help_text=_("Teil der Internetadresse. Eine Änderung macht alte Links kaputt."),
    )
    name = models.CharField(_("Name"), max_length=200)
    summary = models.TextField(
        _("Was hier passiert"), blank=True, help_text=_("Ein bis drei kurze Sätze in du-Form. Erscheint öffentlich.")
    )
    owner = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="owned_contact_points",
        verbose_name=_("verantwortliche Stelle"),
        help_text=_("Diese Stelle hält die Angaben aktuell."),
    )
    agencies: "models.ManyToManyField[Agency, models.Model]" = models.ManyToManyField(
        Agency,
        through="ContactPointAgency",
        related_name="shared_contact_points",
        verbose_name=_("weitere Stellen hier"),
    )

    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postleitzahl"), max_length=5, blank=True)
    town = models.CharField(_("Ort"), max_length=80, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_points",
        verbose_name=_("Gemeinde"),
        help_text=_("Leer lassen, wenn die Anlaufstelle außerhalb des Landkreises liegt."),
    )
    latitude = models.FloatField(
        _("Breitengrad"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("Längengrad"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    directions = models.TextField(
        _("So findest du hin"), blank=True, help_text=_("Haltestelle, Eingang, Etage, Tür. Erscheint öffentlich.")
    )

    step_free = models.CharField(_("ohne Stufen"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    lift = models.CharField(_("Aufzug"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    accessible_toilet = models.CharField(
        _("barrierefreies WC"), max_length=8, choices=TriState, default=TriState.UNKNOWN
    )
    accessible_parking = models.CharField(
        _("Behindertenparkplatz"), max_length=8, choices=TriState, default=TriState.UNKNOWN
    )
    hearing_loop = models.CharField(_("Höranlage"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    languages = models.ManyToManyField(Language, blank=True, related_name="contact_points", verbose_name=_("Sprachen"))

    has_in_person = models.BooleanField(_("persönlich"), default=True)
    has_phone = models.BooleanField(_("am Telefon"), default=False)
    has_video = models.BooleanField(_("per Video"), default=False)
    has_written = models.BooleanField(_("schriftlich"), default=False)

    email = models.EmailField(
        _("E-Mail der Stelle"), blank=True, help_text=_("Nur ein Postfach der Stelle, nie das einer Person.")
    )
    website = models.URLField(_("Website"), blank=True)
    address_state = models.CharField(
        _("wenn keine Adresse"), max_length=8, choices=AbsentState, default=AbsentState.MISSING
    )
    phone_state = models.CharField(
        _("wenn kein Telefon"), max_length=8, choices=AbsentState, default=AbsentState.MISSING
    )
    hours_state = models.CharField(
        _("wenn keine Zeiten"), max_length=8, choices=AbsentState, default=AbsentState.MISSING
    )

    serves_whole_county = models.BooleanField(_("für den ganzen Landkreis"), default=False)
    service_area = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="served_by",
        verbose_name=_("zuständig für"),
        help_text=_("Leer lassen, wenn für den ganzen Landkreis."),
    )

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anlaufstelle")
        verbose_name_plural = _("Anlaufstellen")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(latitude__isnull=True) & Q(longitude__isnull=True))
                | (Q(latitude__isnull=False) & Q(longitude__isnull=False)),
                name="contactpoint_coordinates_come_in_pairs",
                violation_error_message=_("Bitte beide Koordinaten eintragen oder keine."),
            ),
            models.CheckConstraint(
                condition=Q(has_in_person=True) | Q(has_phone=True) | Q(has_video=True) | Q(has_written=True),
                name="contactpoint_has_a_channel",
                violation_error_message=_(
                    "Bitte mindestens einen Weg ankreuzen: persönlich, Telefon, Video oder schriftlich."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Public page of the contact point."""
        return reverse("directory:contact_point", args=[self.slug])

    @property
    def is_confirmed(self) -> bool:
        """True once the office itself has confirmed the record."""
        return not self.is_example


class ContactPointAgency(models.Model):
    """Another agency at the same door, and what it does there (a Jugendberufsagentur is this)."""

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="shares", verbose_name=_("Anlaufstelle")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="shares", verbose_name=_("Stelle"))
    role = models.CharField(
        _("was sie hier tut"),
        max_length=120,
        help_text=_("Zum Beispiel: „berät donnerstags zu Geld vom Jobcenter“. Erscheint öffentlich."),
    )

    class Meta:
        verbose_name = _("weitere Stelle")
        verbose_name_plural = _("weitere Stellen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "agency"],
                name="contactpointagency_once",
                violation_error_message=_("Diese Stelle ist hier schon eingetragen."),
            )
        ]

    def __str__(self) -> str:
        return str(self.agency_id)


class ContactPerson(models.Model):
    """A function one can ask for, with topic and substitute. The name is the function, not a person."""

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="persons", verbose_name=_("Anlaufstelle")
    )
    name = models.CharField(
        _("Funktion oder Name"),
        max_length=120,
        help_text=_("Erscheint öffentlich. Einen Namen nur eintragen, wenn die Person zugestimmt hat."),
    )
    topic = models.CharField(_("hilft bei"), max_length=200, blank=True)
    phone = models.CharField(_("Telefon"), max_length=16, blank=True, validators=[e164])
    email = models.EmailField(_("E-Mail"), blank=True)
    substitute = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitutes_for",
        verbose_name=_("Vertretung"),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Ansprechperson")
        verbose_name_plural = _("Ansprechpersonen")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(substitute=models.F("id")),
                name="contactperson_is_not_its_own_substitute",
                violation_error_message=_("Eine Person kann sich nicht selbst vertreten."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Phone(models.Model):
    """A phone number and what it is for."""

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="phones", verbose_name=_("Anlaufstelle")
    )
    number = models.CharField(
        _("Nummer"), max_length=16, validators=[e164], help_text=_("Mit Ländervorwahl, ohne Leerzeichen: +49390412345")
    )
    purpose = models.CharField(_("wofür"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Telefonnummer")
        verbose_name_plural = _("Telefonnummern")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.number


class Absence(models.Model):
    """A contact person is away; the substitute's hours count meanwhile."""

    person = models.ForeignKey(
        ContactPerson, on_delete=models.CASCADE, related_name="absences", verbose_name=_("Ansprechperson")
    )
    starts_on = models.DateField(_("vom"))
    ends_on = models.DateField(_("bis"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y} – {self.ends_on:%d.%m.%Y}"
