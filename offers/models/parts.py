"""What hangs on an offer: roles of agencies, preconditions, deadlines."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Agency
from offers.models.offer import Offer


class OfferAgency(models.Model):
    """An agency's role in an offer; several agencies share one offer."""

    class Role(models.TextChoices):
        """What the agency does for the offer."""

        PROVIDER = "provider", _("macht das Angebot")
        OPERATOR = "operator", _("ist Träger")
        FUNDER = "funder", _("bezahlt es")
        REFERRER = "referrer", _("vermittelt dorthin")

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="roles", verbose_name=_("Angebot"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="offer_roles", verbose_name=_("Stelle"))
    role = models.CharField(_("Rolle"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("beteiligte Stelle")
        verbose_name_plural = _("beteiligte Stellen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "agency", "role"],
                name="offeragency_once_per_role",
                violation_error_message=_("Diese Stelle hat diese Rolle schon."),
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Precondition(models.Model):
    """What one needs to get in (HSDS eligibility)."""

    class Fact(models.TextChoices):
        """The fact about the person that the precondition looks at."""

        AGE = "age", _("Alter")
        CERTIFICATE = "certificate", _("Schulabschluss")
        FULLTIME_SCHOOL_DONE = "fulltime_school_done", _("Vollzeitschulpflicht erfüllt")
        SCHOOL_DUTY_DONE = "school_duty_done", _("Schulpflicht erfüllt")
        BENEFIT = "benefit", _("Geld vom Amt")
        RESIDENCE = "residence", _("Aufenthalt")
        DISABILITY = "disability", _("Behinderung")
        PREGNANT_OR_PARENT = "pregnant_or_parent", _("schwanger oder Eltern")
        STATUS = "status", _("was man gerade macht")
        OTHER = "other", _("anderes")

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="preconditions", verbose_name=_("Angebot"))
    text = models.CharField(
        _("Satz"), max_length=200, help_text=_("In du-Form: „Du hast noch keinen Ausbildungsplatz.“")
    )
    fact = models.CharField(_("worum es geht"), max_length=24, choices=Fact, default=Fact.OTHER)
    is_hard = models.BooleanField(
        _("muss sein"), default=True, help_text=_("Ohne Haken: Es hilft, Ausnahmen sind möglich.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Voraussetzung")
        verbose_name_plural = _("Voraussetzungen")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Deadline(models.Model):
    """A date that matters: a deadline, a start or an event, as data."""

    class Kind(models.TextChoices):
        """How the date is given."""

        FIXED = "fixed", _("an einem Tag")
        YEARLY = "yearly", _("jedes Jahr am")
        BEFORE_EVENT = "before_event", _("Tage vor einem Ereignis")

    class Purpose(models.TextChoices):
        """What the date is."""

        DEADLINE = "deadline", _("Frist")
        START = "start", _("Beginn")
        EVENT = "event", _("Veranstaltung")

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="deadlines", verbose_name=_("Angebot"))
    kind = models.CharField(_("Art"), max_length=14, choices=Kind)
    purpose = models.CharField(_("Zweck"), max_length=10, choices=Purpose, default=Purpose.DEADLINE)
    date = models.DateField(_("Tag"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(
        _("Monat"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("Tag im Monat"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    offset_days = models.PositiveSmallIntegerField(_("Tage vorher"), null=True, blank=True)
    anchor = models.CharField(_("vor"), max_length=120, blank=True, help_text=_("Zum Beispiel: „Ende der Ausbildung“"))
    text = models.CharField(_("Satz"), max_length=200, help_text=_("In du-Form: „Melde dich bis zum 15. März an.“"))
    consequence = models.CharField(_("was danach ist"), max_length=200, blank=True)
    source_url = models.URLField(_("Quelle"), blank=True, max_length=300)
    valid_from = models.DateField(_("gilt ab"), null=True, blank=True)
    valid_to = models.DateField(_("gilt bis"), null=True, blank=True)

    class Meta:
        verbose_name = _("Frist oder Termin")
        verbose_name_plural = _("Fristen und Termine")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="fixed", date__isnull=False)
                | Q(kind="yearly", month__isnull=False, day__isnull=False)
                | (Q(kind="before_event", offset_days__isnull=False) & ~Q(anchor="")),
                name="deadline_has_its_date",
                violation_error_message=_(
                    "Bitte den Tag eintragen, oder Monat und Tag, oder die Tage vor dem Ereignis."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.text
