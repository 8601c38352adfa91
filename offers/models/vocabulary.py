"""Words by which offers are sorted and found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import LegalArea


class OfferKind(models.TextChoices):
    """What sort of help it is; the value stands in public addresses as ``art``."""

    ORIENTATION = "orientierung", _("Orientierung in der Schule")
    COUNSELLING = "beratung", _("Beratung")
    ACCOMPANIMENT = "begleitung", _("Begleitung")
    PREPARATION = "vorbereitung", _("Vorbereiten und Überbrücken")
    TRAINING = "ausbildung", _("Ausbildung")
    CERTIFICATE = "schulabschluss", _("Schulabschluss nachholen")
    INTERNSHIP = "praktikum", _("Praktikum und Ferien")
    VOLUNTARY = "freiwilligendienst", _("Freiwilligendienst")
    MONEY = "geld", _("Geld")
    HOUSING = "wohnen", _("Wohnen")
    MOBILITY = "mobilitaet", _("Bus und Bahn")
    LANGUAGE = "sprache", _("Sprache und Ankommen")
    DISABILITY = "behinderung", _("Behinderung und Reha")
    FAMILY = "familie", _("Familie")
    EMERGENCY = "notfall", _("Notfall")
    FAIR = "messe", _("Messen")


class Decider(models.TextChoices):
    """Who decides, in plain words; the value stands in public addresses as ``stelle``."""

    AGENTUR = "agentur", _("Agentur für Arbeit")
    AGENTUR_REHA = "agentur_reha", _("Agentur für Arbeit, Reha-Team")
    JOBCENTER = "jobcenter", _("Jobcenter")
    JUGENDAMT = "jugendamt", _("Jugendamt")
    SCHULE = "schule", _("Schule")
    SCHULAMT = "schulamt", _("Landesschulamt")
    KVHS = "kvhs", _("Kreisvolkshochschule")
    LANDKREIS = "landkreis", _("Landkreis")
    FAMILIENKASSE = "familienkasse", _("Familienkasse")
    KAMMER = "kammer", _("Kammer")
    TRAEGER = "traeger", _("Verein oder Bildungsträger")
    INTEGRATIONSAMT = "integrationsamt", _("Integrationsamt")
    NONE = "none", _("niemand – du gehst einfach hin")
    UNKNOWN = "unknown", _("wissen wir noch nicht")


class Certificate(models.TextChoices):
    """School certificates, as in the address parameter ``abschluss``."""

    NONE = "none", _("noch keinen Abschluss")
    HSA = "hsa", _("Hauptschulabschluss")
    RSA = "rsa", _("Realschulabschluss")
    ABITUR = "abitur", _("Abitur oder Fachabitur")


class Situation(models.Model):
    """A situation as a young person would say it. The front doors are made of these."""

    slug = models.SlugField(_("Kurzname"), max_length=40, unique=True)
    label = models.CharField(_("Satz"), max_length=80, help_text=_("So würde es ein junger Mensch sagen."))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Situation")
        verbose_name_plural = _("Situationen")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.label


class OccupationalField(models.Model):
    """A field of occupations, such as construction or care."""

    slug = models.SlugField(_("Kurzname"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=80)

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Berufsfeld")
        verbose_name_plural = _("Berufsfelder")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LegalBasis(models.Model):
    """A paragraph on which offers rest."""

    statute = models.CharField(_("Gesetz"), max_length=120, help_text=_("Zum Beispiel: SGB III"))
    paragraph = models.CharField(_("Paragraf"), max_length=120, blank=True, help_text=_("Zum Beispiel: §§ 51–54"))
    legal_area = models.CharField(_("Rechtskreis"), max_length=10, choices=LegalArea, default=LegalArea.OTHER)
    url = models.URLField(_("Text des Gesetzes"), blank=True, max_length=300)
    legal_state = models.DateField(
        _("Rechtsstand"), null=True, blank=True, help_text=_("Tag, von dem der gelesene Gesetzestext ist.")
    )
    under_review = models.BooleanField(
        _("Recht wird geprüft"),
        default=False,
        help_text=_("Öffentlich steht dann dabei, dass wir das Recht gerade prüfen."),
    )

    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Rechtsgrundlage")
        verbose_name_plural = _("Rechtsgrundlagen")
        ordering = ["statute", "paragraph"]
        constraints = [
            models.UniqueConstraint(
                fields=["statute", "paragraph"],
                name="legalbasis_unique",
                violation_error_message=_("Diese Rechtsgrundlage gibt es schon."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.paragraph} {self.statute}".strip()
