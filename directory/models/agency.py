"""Agencies: who exists (HSDS organization)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models.review import LegalArea, PublicQuerySet, Publishable


class Stelle(models.TextChoices):
    """The plain word for "who decides", used as filter value ``stelle`` in public addresses."""

    AGENTUR = "agentur", _("Agentur für Arbeit")
    JOBCENTER = "jobcenter", _("Jobcenter")
    JUGENDAMT = "jugendamt", _("Jugendamt")
    SCHULE = "schule", _("Schule")
    SCHULAMT = "schulamt", _("Landesschulamt")
    KVHS = "kvhs", _("Kreisvolkshochschule")
    LANDKREIS = "landkreis", _("Landkreis")
    FAMILIENKASSE = "familienkasse", _("Familienkasse")
    KAMMER = "kammer", _("Kammer")
    TRAEGER = "traeger", _("Verein oder Bildungsträger")
    BERATUNG = "beratung", _("Beratungsstelle")
    KOORDINATION = "koordination", _("Koordinierungsstelle")
    WEITERE = "weitere", _("andere Stelle")


class Agency(Publishable):
    """An office, school, chamber or association that stands behind offers and contact points."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        EMPLOYMENT_AGENCY = "employment_agency", _("Agentur für Arbeit")
        JOB_CENTRE = "job_centre", _("Jobcenter")
        YOUTH_WELFARE_OFFICE = "youth_welfare_office", _("Jugendamt")
        SCHOOL_AUTHORITY = "school_authority", _("Schulbehörde")
        VOCATIONAL_SCHOOL = "vocational_school", _("Berufsbildende Schule")
        SCHOOL = "school", _("Schule")
        ADULT_EDUCATION = "adult_education", _("Volkshochschule")
        CHAMBER = "chamber", _("Kammer")
        GUILD = "guild", _("Kreishandwerkerschaft")
        EDUCATION_PROVIDER = "education_provider", _("Bildungsträger")
        COUNSELLING = "counselling", _("Beratungsstelle")
        OMBUDS = "ombuds", _("Ombudsstelle")
        COUNTY = "county", _("Landkreis")
        MIGRATION_OFFICE = "migration_office", _("Amt für Migration")
        COORDINATION = "coordination", _("Koordinierungsstelle")
        FAMILY_BENEFITS = "family_benefits", _("Familienkasse")
        STUDENT_GRANTS = "student_grants", _("Amt für Ausbildungsförderung")
        INTEGRATION_SERVICE = "integration_service", _("Integrationsfachdienst")
        PROJECT = "project", _("Projekt")
        NETWORK = "network", _("Netzwerk")
        YOUTH_EMPLOYMENT_AGENCY = "youth_employment_agency", _("Jugendberufsagentur")
        COMPANY = "company", _("Betrieb")

    slug = models.SlugField(
        _("Kurzname in der Adresse"),
        max_length=60,
        unique=True,
        help_text=_("Teil der Internetadresse. Eine Änderung macht alte Links kaputt."),
    )
    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(
        _("kurzer Name"),
        max_length=80,
        blank=True,
        help_text=_("So heißt die Stelle im Alltag, zum Beispiel „Jobcenter Börde“."),
    )
    kind = models.CharField(_("Art"), max_length=30, choices=Kind)
    legal_area = models.CharField(_("Rechtskreis"), max_length=10, choices=LegalArea, default=LegalArea.OTHER)
    stelle = models.CharField(
        _("in Listen unter"),
        max_length=20,
        choices=Stelle,
        default=Stelle.WEITERE,
        help_text=_("Unter diesem Wort finden junge Menschen die Stelle im Filter."),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("gehört zu")
    )
    what_we_do = models.TextField(
        _("Was wir für dich tun"), blank=True, help_text=_("Kurz und in du-Form. Erscheint öffentlich.")
    )
    website = models.URLField(_("Website"), blank=True)
    office_email = models.EmailField(
        _("E-Mail für Rückfragen"),
        blank=True,
        help_text=_(
            "Postfach der Stelle, nie das einer Person. Dorthin geht die Frage, ob die Angaben noch stimmen. "
            "Erscheint nicht öffentlich. Ohne Postfach fragt die Koordination."
        ),
    )
    is_gap = models.BooleanField(
        _("nur als Aufgabe bekannt"),
        default=False,
        help_text=_(
            "Die Aufgabe gibt es, eine Adresse kennen wir noch nicht. Öffentlich steht dann die Koordinierungsstelle."
        ),
    )
    four_eyes = models.BooleanField(
        _("Vier Augen"),
        default=False,
        help_text=_("Was öffentlich wird, gibt die Leitung oder die Koordination frei – nie, wer es geschrieben hat."),
    )

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stelle")
        verbose_name_plural = _("Stellen")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="agency_is_not_its_own_parent",
                violation_error_message=_("Eine Stelle kann nicht zu sich selbst gehören."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Public page of the agency."""
        return reverse("directory:agency", args=[self.slug])

    @property
    def is_private(self) -> bool:
        """Whether looking for it is nobody else's business; its pages can be left at once."""
        return self.kind in (self.Kind.YOUTH_WELFARE_OFFICE, self.Kind.OMBUDS)

    @property
    def display_name(self) -> str:
        """The everyday name, else the official one."""
        return self.short_name or self.name
