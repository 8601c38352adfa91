"""Offers (HSDS service): what young people can use, who decides, how to get in, by when."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.fields import PlainJSONField
from directory.models import Agency, ContactPoint, Language, Municipality, PublicQuerySet, Publishable, TriState
from offers.models.vocabulary import Certificate, Decider, LegalBasis, OccupationalField, OfferKind, Situation

AGE_LIMITS = [MinValueValidator(0), MaxValueValidator(99)]


def validate_certificates(value: object) -> None:
    """Accept a list of known certificate values only; anything else raises ValidationError."""
    if not isinstance(value, list) or any(item not in Certificate.values for item in value):
        raise ValidationError(_("Erlaubt sind nur: %(values)s."), params={"values": ", ".join(Certificate.values)})


class Offer(Publishable):
    """One offer. Facts nobody knows are stored as unknown and never guessed."""

    class AgeState(models.TextChoices):
        """Whether the age numbers are the limit, there is none, or nobody knows."""

        KNOWN = "known", _("Alter wie angegeben")
        NONE = "none", _("kein Alter festgelegt")
        UNKNOWN = "unknown", _("nicht bekannt")

    class Cost(models.TextChoices):
        """What it costs the young person."""

        FREE = "free", _("kostet nichts")
        PAID = "paid", _("kostet etwas")
        UNKNOWN = "unknown", _("nicht bekannt")

    class Reach(models.TextChoices):
        """Where the offer can be used."""

        EVERYWHERE = "everywhere", _("überall im Landkreis")
        PLACES = "places", _("an bestimmten Orten")
        ONLINE = "online", _("online")
        UNKNOWN = "unknown", _("nicht bekannt")

    class Capacity(models.TextChoices):
        """Whether there is room."""

        OPEN = "open", _("Plätze frei")
        WAITING = "waiting", _("Warteliste")
        FULL = "full", _("gerade voll")
        UNKNOWN = "unknown", _("nicht bekannt")

    class ActsAlone(models.TextChoices):
        """Whether a young person can do this without the parents."""

        ALONE = "alone", _("ja, allein")
        FROM_15 = "from_15", _("ab 15 allein")
        PARENTS = "parents", _("mit den Eltern")
        UNKNOWN = "unknown", _("nicht bekannt")

    slug = models.SlugField(
        _("Kurzname in der Adresse"),
        max_length=80,
        unique=True,
        help_text=_("Teil der Internetadresse. Eine Änderung macht alte Links kaputt."),
    )
    title = models.CharField(_("Titel"), max_length=120)
    summary = models.TextField(
        _("Kurz gesagt"), max_length=280, help_text=_("Höchstens 280 Zeichen, in du-Form. Steht in jeder Liste.")
    )
    description = models.TextField(
        _("Was passiert dort?"),
        blank=True,
        help_text=_("Absätze durch Leerzeile trennen. - Liste, **fett**, [Text](Adresse)."),
    )
    kind = models.CharField(_("Art"), max_length=20, choices=OfferKind, db_index=True)
    asked_as = models.TextField(
        _("So fragen Leute danach"),
        blank=True,
        help_text=_(
            "Wörter und kurze Sätze aus dem Alltag, je Zeile eins: „keine Lehrstelle gefunden“. Nur die Suche liest sie; "
            "auf der Seite erscheinen sie nicht."
        ),
    )

    for_whom = models.TextField(_("Für wen?"), blank=True, help_text=_("In du-Form, ein bis drei Sätze."))
    age_min = models.PositiveSmallIntegerField(_("ab Alter"), null=True, blank=True, validators=AGE_LIMITS)
    age_max = models.PositiveSmallIntegerField(_("bis Alter"), null=True, blank=True, validators=AGE_LIMITS)
    age_state = models.CharField(
        _("Altersgrenze"),
        max_length=8,
        choices=AgeState,
        default=AgeState.UNKNOWN,
        help_text=_("„Nicht bekannt“ ist eine ehrliche Antwort und im Filter eine eigene Wahl."),
    )
    certificates = PlainJSONField(
        _("mit diesem Abschluss"),
        default=list,
        blank=True,
        validators=[validate_certificates],
        help_text=_("Leer heißt: nicht bekannt. Alle vier heißt: egal."),
    )
    school_forms = models.CharField(_("Schulformen"), max_length=200, blank=True)
    situations = models.ManyToManyField(Situation, blank=True, related_name="offers", verbose_name=_("Situationen"))
    occupational_fields = models.ManyToManyField(
        OccupationalField, blank=True, related_name="offers", verbose_name=_("Berufsfelder")
    )

    decides_without_sgb2 = models.CharField(
        _("entscheidet ohne Jobcenter-Geld"),
        max_length=20,
        choices=Decider,
        default=Decider.UNKNOWN,
        help_text=_("§ 22 Abs. 4 SGB III: Wer entscheidet, wenn die Familie kein Geld vom Jobcenter bekommt?"),
    )
    decides_with_sgb2 = models.CharField(
        _("entscheidet mit Jobcenter-Geld"), max_length=20, choices=Decider, default=Decider.UNKNOWN
    )
    decides_text = models.TextField(_("Wer entscheidet?"), blank=True, help_text=_("In du-Form, ein bis zwei Sätze."))
    legal_bases = models.ManyToManyField(
        LegalBasis, blank=True, related_name="offers", verbose_name=_("Rechtsgrundlagen")
    )

    application = models.CharField(_("Antrag nötig"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    steps = models.TextField(
        _("So kommst du rein"), blank=True, help_text=_("Jede Zeile ist ein Schritt. Mit einem Verb beginnen.")
    )
    to_bring = models.TextField(_("Das bringst du mit"), blank=True, help_text=_("Jede Zeile ist eine Sache."))
    duration = models.CharField(_("Dauer"), max_length=200, blank=True)
    answer_within_days = models.PositiveSmallIntegerField(_("Antwort in Tagen"), null=True, blank=True)
    capacity = models.CharField(_("Plätze"), max_length=8, choices=Capacity, default=Capacity.UNKNOWN)
    acts_alone = models.CharField(_("allein möglich"), max_length=8, choices=ActsAlone, default=ActsAlone.UNKNOWN)

    cost = models.CharField(_("Kosten"), max_length=8, choices=Cost, default=Cost.UNKNOWN)
    cost_text = models.CharField(_("Kosten in Worten"), max_length=200, blank=True)
    cost_amount = models.DecimalField(_("Preis in Euro"), max_digits=8, decimal_places=2, null=True, blank=True)
    gets_text = models.TextField(_("Geld, das du bekommst"), blank=True)

    reach = models.CharField(_("Wo"), max_length=12, choices=Reach, default=Reach.UNKNOWN)
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="offers", verbose_name=_("Gemeinden")
    )
    contact_points = models.ManyToManyField(
        ContactPoint, blank=True, related_name="offers", verbose_name=_("Anlaufstellen")
    )
    place_note = models.CharField(_("Ort in Worten"), max_length=200, blank=True)
    is_remote = models.BooleanField(_("geht online oder am Telefon"), default=False)
    languages = models.ManyToManyField(Language, blank=True, related_name="offers", verbose_name=_("Sprachen"))
    contact = models.ForeignKey(
        ContactPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="first_contact_for",
        verbose_name=_("Hier zuerst fragen"),
        help_text=_("Leer: Dann steht die Koordinierungsstelle da."),
    )
    agencies: "models.ManyToManyField[Agency, models.Model]" = models.ManyToManyField(
        Agency, through="OfferAgency", related_name="offers", verbose_name=_("beteiligte Stellen")
    )

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("Angebot")
        verbose_name_plural = _("Angebote")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_min__isnull=True) | Q(age_max__isnull=True) | Q(age_max__gte=F("age_min")),
                name="offer_age_max_not_below_min",
                violation_error_message=_("„Bis Alter“ ist kleiner als „ab Alter“."),
            ),
            models.CheckConstraint(
                condition=Q(age_state="known", age_min__isnull=False)
                | Q(age_state="known", age_max__isnull=False)
                | (~Q(age_state="known") & Q(age_min__isnull=True, age_max__isnull=True)),
                name="offer_age_numbers_match_state",
                violation_error_message=_("Alterszahlen gehören zu „Alter wie angegeben“ – und nur dazu."),
            ),
            models.CheckConstraint(
                condition=Q(cost_amount__isnull=True) | Q(cost="paid"),
                name="offer_price_only_when_paid",
                violation_error_message=_("Ein Preis passt nur zu „kostet etwas“."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Public page of the offer."""
        return reverse("offers:detail", args=[self.slug])
