"""Municipalities, localities and the places next door. A place is chosen by name; the AGS is the key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.fields import PlainJSONField


class Municipality(models.Model):
    """Gemeinde, keyed by its official municipality key (AGS, 8 digits)."""

    class Kind(models.TextChoices):
        """Einheitsgemeinde, or member of a Verbandsgemeinde (which is a label, never a key)."""

        UNITARY = "einheitsgemeinde", _("Einheitsgemeinde")
        MEMBER = "mitgliedsgemeinde", _("Mitgliedsgemeinde")

    ags = models.CharField(_("Gemeindeschlüssel (AGS)"), max_length=8, primary_key=True)
    name = models.CharField(_("Name"), max_length=100, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind)
    association = models.CharField(_("Verbandsgemeinde"), max_length=100, blank=True)
    latitude = models.FloatField(_("Breitengrad"))
    longitude = models.FloatField(_("Längengrad"))
    postal_codes = models.CharField(
        _("Postleitzahlen"),
        max_length=100,
        blank=True,
        help_text=_("Mit Leerzeichen getrennt. Nur ein Hinweis: Viele gelten für mehrere Gemeinden."),
    )
    aliases = models.CharField(
        _("weitere Namen"), max_length=300, blank=True, help_text=_("Mit Semikolon getrennt. Danach wird auch gesucht.")
    )
    boundary = PlainJSONField(_("Grenze"), null=True, blank=True, editable=False)
    source = models.TextField(_("Quelle"), blank=True)
    verified = models.BooleanField(_("belegt"), default=False)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Gemeinde")
        verbose_name_plural = _("Gemeinden")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Locality(models.Model):
    """Ort or Ortsteil, with one of its postcodes and approximate coordinates."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="localities", verbose_name=_("Gemeinde")
    )
    name = models.CharField(_("Ort oder Ortsteil"), max_length=100)
    postal_code = models.CharField(_("Postleitzahl"), max_length=5)
    latitude = models.FloatField(_("Breitengrad"))
    longitude = models.FloatField(_("Längengrad"))
    aliases = models.CharField(
        _("weitere Namen"), max_length=300, blank=True, help_text=_("Mit Semikolon getrennt. Danach wird auch gesucht.")
    )
    mapping_verified = models.BooleanField(_("Zuordnung bestätigt"), default=False)
    source = models.TextField(_("Quelle"), blank=True)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Ort")
        verbose_name_plural = _("Orte")
        ordering = ["name", "postal_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name", "postal_code"],
                name="locality_unique_in_municipality",
                violation_error_message=_("Diesen Ort mit dieser Postleitzahl gibt es in der Gemeinde schon."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class NeighbourPlace(models.Model):
    """A well-known place outside the county, so that the answer can name the right county."""

    name = models.CharField(_("Ort"), max_length=100)
    county = models.CharField(_("Landkreis oder kreisfreie Stadt"), max_length=100)
    aliases = models.CharField(_("weitere Namen"), max_length=300, blank=True)
    postal_codes = models.CharField(_("Postleitzahlen"), max_length=200, blank=True)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Nachbarort")
        verbose_name_plural = _("Nachbarorte")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "county"],
                name="neighbourplace_unique",
                violation_error_message=_("Diesen Nachbarort gibt es schon."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SchoolHoliday(models.Model):
    """School holidays of the Land, kept by staff because no source gives them as data."""

    name = models.CharField(_("Name"), max_length=80, help_text=_("Zum Beispiel: Sommerferien"))
    starts_on = models.DateField(_("erster Ferientag"))
    ends_on = models.DateField(_("letzter Ferientag"))
    source = models.TextField(_("Quelle"), blank=True)
    verified = models.BooleanField(_("belegt"), default=False)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Schulferien")
        verbose_name_plural = _("Schulferien")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="schoolholiday_ends_after_start",
                violation_error_message=_("Der letzte Ferientag liegt vor dem ersten."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on:%Y}"
