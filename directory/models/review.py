"""What every fact record carries: where it comes from and who looked at it last."""

from datetime import date
from typing import Self, TypeVar

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TriState(models.TextChoices):
    """Yes, no, or nobody knows. Unknown is never shown as no."""

    YES = "yes", _("ja")
    NO = "no", _("nein")
    UNKNOWN = "unknown", _("nicht bekannt")


class AbsentState(models.TextChoices):
    """Why a value is empty: nobody entered it, or it does not exist."""

    MISSING = "missing", _("Angabe fehlt")
    NONE = "none", _("gibt es nicht")


class LegalArea(models.TextChoices):
    """Rechtskreis. Never shown to young people."""

    SGB2 = "sgb2", _("SGB II – Grundsicherung")
    SGB3 = "sgb3", _("SGB III – Arbeitsförderung")
    SGB8 = "sgb8", _("SGB VIII – Kinder- und Jugendhilfe")
    SGB9 = "sgb9", _("SGB IX – Teilhabe")
    SCHOOL = "school", _("Schule")
    OTHER = "other", _("weitere")


class Status(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("Entwurf")
    REVIEW = "review", _("in Prüfung")
    PUBLISHED = "published", _("veröffentlicht")
    ARCHIVED = "archived", _("archiviert")


M = TypeVar("M", bound=models.Model)


class PublicQuerySet(models.QuerySet[M, M]):
    """Says once what is public."""

    def published(self, *, on: date) -> Self:
        """Rows that may be shown on the given day; an open end counts as for ever.

        Example data is included only where the installation shows it (never in production). What
        nobody confirmed for too long is not public either; see ``directory.freshness``.
        """
        return self._released(on=on).filter(Q(hidden_from__isnull=True) | Q(hidden_from__gt=on))

    def hidden(self, *, on: date) -> Self:
        """Rows that would be public if somebody had confirmed them in time."""
        return self._released(on=on).filter(hidden_from__lte=on)

    def _released(self, *, on: date) -> Self:
        rows = self.filter(
            Q(published_from__isnull=True) | Q(published_from__lte=on),
            Q(published_until__isnull=True) | Q(published_until__gte=on),
            status=Status.PUBLISHED,
        )
        return rows if settings.SHOW_EXAMPLE_DATA else rows.filter(is_example=False)

    def indexable(self, *, on: date) -> Self:
        """Rows for search engines, exports and feeds: published and never example data."""
        return self.published(on=on).filter(is_example=False)

    def review_due(self, *, on: date) -> Self:
        """Rows whose review interval has passed, or that nobody ever checked."""
        return self.filter(Q(checked_on__isnull=True) | Q(review_due_on__lte=on)).order_by(
            F("review_due_on").asc(nulls_first=True)
        )


class Reviewed(models.Model):
    """Source and date of the last check by a person."""

    source = models.TextField(
        _("Quelle"),
        blank=True,
        help_text=_("Woher stammt die Angabe? Adressen mit Leerzeichen trennen. Erscheint nicht öffentlich."),
    )
    source_date = models.CharField(_("Stand der Quelle"), max_length=80, blank=True)
    verified = models.BooleanField(
        _("belegt"),
        default=False,
        help_text=_(
            "Nur ankreuzen, wenn die Quelle die Angabe genau so nennt. Unbelegtes erscheint als „Angabe fehlt“."
        ),
    )
    checked_on = models.DateField(
        _("geprüft am"),
        null=True,
        blank=True,
        help_text=_("Tag, an dem ein Mensch die Angaben zuletzt geprüft hat. Erscheint öffentlich."),
    )
    review_interval_months = models.PositiveSmallIntegerField(
        _("Prüfung alle … Monate"), default=6, help_text=_("Danach erscheint der Eintrag unter „Prüfung fällig“.")
    )
    review_due_on = models.DateField(_("nächste Prüfung"), null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    def set_review_due(self) -> None:
        """Derive the next review day from the last check and the interval."""
        self.review_due_on = (
            self.checked_on + relativedelta(months=self.review_interval_months) if self.checked_on else None
        )


class Publishable(Reviewed):
    """A record with a public page of its own."""

    status = models.CharField(_("Status"), max_length=12, choices=Status, default=Status.DRAFT, db_index=True)
    published_from = models.DateField(_("öffentlich ab"), null=True, blank=True, help_text=_("Leer lassen: ab jetzt."))
    published_until = models.DateField(
        _("öffentlich bis"), null=True, blank=True, help_text=_("Leer lassen: ohne Ende. Danach ist die Seite weg.")
    )
    is_example = models.BooleanField(
        _("Beispieldaten"),
        default=False,
        help_text=_(
            "Nicht von der Stelle bestätigt. Nur in der Vorführung sichtbar, mit Hinweis; im Betrieb nie öffentlich."
        ),
    )
    # Derived from the records of the groups of fields, so that no public page has to read those.
    stale_from = models.DateField(_("Prüfung überfällig ab"), null=True, blank=True, editable=False)
    hidden_from = models.DateField(_("verborgen ab"), null=True, blank=True, editable=False, db_index=True)
    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("zuletzt gespeichert"), auto_now=True)

    class Meta:
        abstract = True

    def save(self, **kwargs: object) -> None:
        """Keep the derived review day in step."""
        self.set_review_due()
        super().save(**kwargs)  # type: ignore[arg-type]

    def is_stale(self, *, on: date) -> bool:
        """True from the day on which a confirmation is overdue; visitors are told so."""
        return self.stale_from is not None and self.stale_from <= on

    @property
    def is_invented(self) -> bool:
        """True for an example no source backs; real but unconfirmed records have one."""
        return self.is_example and not self.verified
