"""Opening hours as rows (HSDS schedule). Which row wins is said in ``directory.opening``."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.models.contact_point import ContactPerson, ContactPoint


class ScheduleKind(models.TextChoices):
    """What the hours are for."""

    OPENING = "opening", _("Öffnungszeit")
    CONSULTATION = "consultation", _("Sprechzeit")
    PHONE = "phone", _("Telefonzeit")


class TermTime(models.TextChoices):
    """Whether the row counts on school days only."""

    ALWAYS = "always", _("immer")
    SCHOOL_DAYS = "school_days", _("nur an Schultagen")
    HOLIDAYS = "holidays", _("nur in den Ferien")


class OnPublicHoliday(models.TextChoices):
    """What happens on a public holiday."""

    CLOSED = "closed", _("geschlossen")
    OPEN = "open", _("trotzdem offen")
    UNKNOWN = "unknown", _("nicht bekannt")


class Weekday(models.IntegerChoices):
    """Monday is 0, as in Python."""

    MONDAY = 0, _("Montag")
    TUESDAY = 1, _("Dienstag")
    WEDNESDAY = 2, _("Mittwoch")
    THURSDAY = 3, _("Donnerstag")
    FRIDAY = 4, _("Freitag")
    SATURDAY = 5, _("Samstag")
    SUNDAY = 6, _("Sonntag")


class HoursOwned(models.Model):
    """Belongs to a place, or to one person at that place."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, verbose_name=_("Anlaufstelle"))
    person = models.ForeignKey(
        ContactPerson,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("nur für diese Person"),
        help_text=_("Leer lassen, wenn die Zeit für die ganze Anlaufstelle gilt."),
    )

    class Meta:
        abstract = True


class Schedule(HoursOwned):
    """One slot of a week. Several rows a day are several slots. Wall time Europe/Berlin."""

    kind = models.CharField(_("Art"), max_length=12, choices=ScheduleKind, default=ScheduleKind.OPENING)
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday)
    opens_at = models.TimeField(_("von"), null=True, blank=True)
    closes_at = models.TimeField(_("bis"), null=True, blank=True, help_text=_("0:00 heißt Mitternacht."))
    by_appointment = models.BooleanField(
        _("nur mit Termin"), default=False, help_text=_("Zählt nicht als „jetzt offen“.")
    )
    term_time = models.CharField(_("gilt"), max_length=12, choices=TermTime, default=TermTime.ALWAYS)
    on_public_holiday = models.CharField(
        _("an Feiertagen"), max_length=8, choices=OnPublicHoliday, default=OnPublicHoliday.CLOSED
    )
    valid_from = models.DateField(_("gilt ab"), null=True, blank=True)
    valid_to = models.DateField(_("gilt bis"), null=True, blank=True)
    note = models.CharField(_("Hinweis"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Zeit in der Woche")
        verbose_name_plural = _("Zeiten in der Woche")
        ordering = ["kind", "weekday", "opens_at", "id"]
        default_related_name = "schedules"
        constraints = [
            models.CheckConstraint(
                condition=Q(by_appointment=True) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="schedule_has_times_unless_by_appointment",
                violation_error_message=_("Bitte „von“ und „bis“ eintragen, außer bei „nur mit Termin“."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | ~Q(opens_at=F("closes_at")),
                name="schedule_is_not_empty",
                violation_error_message=_("„Von“ und „bis“ sind gleich."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="schedule_valid_to_after_from",
                violation_error_message=_("„Gilt bis“ liegt vor „gilt ab“."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at or ''}–{self.closes_at or ''}"


class ScheduleException(HoursOwned):
    """A dated exception: closed, other hours, or a message. It wins over the weekly plan."""

    class Kind(models.TextChoices):
        """A message is shown but never changes the hours."""

        CLOSED = "closed", _("geschlossen")
        HOURS = "hours", _("andere Zeiten")
        MESSAGE = "message", _("nur ein Hinweis")

    kind = models.CharField(_("Art"), max_length=8, choices=Kind, default=Kind.CLOSED)
    starts_on = models.DateField(_("vom"))
    ends_on = models.DateField(_("bis"))
    opens_at = models.TimeField(
        _("offen von"),
        null=True,
        blank=True,
        help_text=_("Nur bei „andere Zeiten“. Zwei Zeiten am Tag sind zwei Einträge."),
    )
    closes_at = models.TimeField(_("offen bis"), null=True, blank=True)
    reason = models.CharField(
        _("Grund"), max_length=120, blank=True, help_text=_("Erscheint öffentlich, zum Beispiel „Betriebsferien“.")
    )

    class Meta:
        verbose_name = _("Ausnahme mit Datum")
        verbose_name_plural = _("Ausnahmen mit Datum")
        ordering = ["starts_on", "opens_at", "id"]
        default_related_name = "exceptions"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="scheduleexception_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="hours") | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="scheduleexception_hours_have_times",
                violation_error_message=_("Bei „andere Zeiten“ bitte „offen von“ und „offen bis“ eintragen."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | ~Q(opens_at=F("closes_at")),
                name="scheduleexception_is_not_empty",
                violation_error_message=_("„Offen von“ und „offen bis“ sind gleich."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on:%d.%m.%Y}"
