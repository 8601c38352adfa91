"""Appointments: when an office has time, and who comes. A time that is taken is a row; a free one is computed.

What the person said is a ciphertext, as in an enquiry. ``visible_to`` is the only way in for pages.
"""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counseling.models.enquiry import Topic
from counseling.models.entrusted import Entrusted, EntrustedQuerySet
from directory.models import Agency, ContactPerson, ContactPoint, Role, TermTime, Weekday
from directory.rights import membership_of

SHORTEST, LONGEST = 5, 240
MOST_PLACES = 50
MOST_LEAD_HOURS = 14 * 24
MOST_WEEKS = 26


class Channel(models.TextChoices):
    """How both meet."""

    IN_PERSON = "in_person", _("vor Ort")
    PHONE = "phone", _("am Telefon")
    VIDEO = "video", _("per Video")


class SlotRuleQuerySet(models.QuerySet["SlotRule"]):
    """Says which rows count."""

    def in_force(self, *, first: Any, last: Any) -> Self:
        """Rows that count on some day from ``first`` to ``last``."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=last),
            Q(valid_to=None) | Q(valid_to__gte=first),
        )

    def overlapping(self, rule: "SlotRule") -> Self:
        """Other rows of the agency at the same door and time, with the same person or with none."""
        first, last = rule.valid_from or date.min, rule.valid_to or date.max
        rows = self.filter(
            agency=rule.agency_id, contact_point=rule.contact_point_id, person=rule.person_id, weekday=rule.weekday
        )
        at_once = rows.filter(counsellor=rule.counsellor_id, starts_at__lt=rule.ends_at, ends_at__gt=rule.starts_at)
        return at_once.in_force(first=first, last=last).exclude(pk=rule.pk)


class SlotRule(models.Model):
    """Times an office gives away each week. Wall time Europe/Berlin; the times themselves are computed."""

    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="slot_rules",
        verbose_name=_("Stelle"),
        help_text=_("Nur diese Stelle sieht, wer bucht."),
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="slot_rules", verbose_name=_("Anlaufstelle")
    )
    person = models.ForeignKey(
        ContactPerson,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="slot_rules",
        verbose_name=_("nur bei dieser Person"),
        help_text=_("Ist sie abwesend eingetragen, gibt es an diesen Tagen keine Termine."),
    )
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Konto der Beratung"),
        help_text=_("Im Jugendamt sieht dann nur dieses Konto, wer bucht. Leer lassen: alle Beratenden der Stelle."),
    )
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday)
    starts_at = models.TimeField(_("von"))
    ends_at = models.TimeField(_("bis"))
    minutes = models.PositiveSmallIntegerField(_("Minuten je Termin"), default=30)
    places = models.PositiveSmallIntegerField(
        _("Plätze je Termin"), default=1, help_text=_("Mehr als 1 nur, wenn mehrere zur selben Zeit beraten.")
    )
    channel = models.CharField(_("Weg"), max_length=10, choices=Channel, default=Channel.IN_PERSON)
    video_link = models.URLField(
        _("Link zum Video"),
        blank=True,
        help_text=_("Aus dem Dienst Ihrer Stelle, mit Warteraum. Wer gebucht hat, sieht ihn auf der Seite zum Code."),
    )
    topic = models.CharField(
        _("nur für das Thema"), max_length=12, choices=Topic, blank=True, help_text=_("Leer lassen: für jedes Thema.")
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("Vorlauf in Stunden"), default=24, help_text=_("So viele Stunden vorher kann man spätestens buchen.")
    )
    horizon_weeks = models.PositiveSmallIntegerField(
        _("so viele Wochen voraus"), default=4, help_text=_("So weit im Voraus kann man buchen.")
    )
    term_time = models.CharField(_("gilt"), max_length=12, choices=TermTime, default=TermTime.ALWAYS)
    valid_from = models.DateField(_("gilt ab"), null=True, blank=True)
    valid_to = models.DateField(
        _("gilt bis"), null=True, blank=True, help_text=_("Beendet die Zeile. Gebuchte Termine bleiben stehen.")
    )

    objects = SlotRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Zeile mit Terminen")
        verbose_name_plural = _("Zeiten für Termine")
        ordering = ["weekday", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="slotrule_ends_after_start",
                violation_error_message=_("„Bis“ liegt nicht nach „von“."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="slotrule_minutes",
                violation_error_message=_("Bitte 5 bis 240 Minuten."),
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
                name="slotrule_places",
                violation_error_message=_("Bitte 1 bis 50 Plätze."),
            ),
            models.CheckConstraint(
                condition=Q(lead_hours__lte=MOST_LEAD_HOURS, horizon_weeks__gte=1, horizon_weeks__lte=MOST_WEEKS),
                name="slotrule_reach",
                violation_error_message=_("Bitte höchstens 336 Stunden Vorlauf und 1 bis 26 Wochen voraus."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="slotrule_valid_to_after_from",
                violation_error_message=_("„Gilt bis“ liegt vor „gilt ab“."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="video") | ~Q(video_link=""),
                name="slotrule_video_has_a_link",
                violation_error_message=_("Für Termine per Video bitte den Link eintragen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    def clean(self) -> None:
        """A row belongs to a door of its agency, to a person at that door, and fits one appointment at least."""
        errors: dict[str, Any] = {}
        if self.agency_id and self.contact_point_id and not self._is_door_of_the_agency():
            errors["contact_point"] = _("Diese Anlaufstelle gehört nicht zur Stelle.")
        if self.person and self.contact_point_id and self.person.contact_point_id != self.contact_point_id:
            errors["person"] = _("Diese Person arbeitet an einer anderen Anlaufstelle.")
        if self.agency_id and self.counsellor and not self._is_counsellor_of_the_agency():
            errors["counsellor"] = _("Dieses Konto berät nicht in dieser Stelle.")
        if self.starts_at and self.ends_at and self.minutes:
            start, end = (60 * wall.hour + wall.minute for wall in (self.starts_at, self.ends_at))
            if 0 < end - start < self.minutes:
                errors["minutes"] = _("Zwischen „von“ und „bis“ passt kein Termin.")
        if errors:
            raise ValidationError(errors)

    def _is_door_of_the_agency(self) -> bool:
        point = self.contact_point
        return point.owner_id == self.agency_id or point.shares.filter(agency=self.agency_id).exists()

    def _is_counsellor_of_the_agency(self) -> bool:
        membership = membership_of(self.counsellor)
        return membership is not None and (membership.agency_id, membership.role) == (self.agency_id, Role.COUNSELOR)


class BookingQuerySet(EntrustedQuerySet["Booking"]):
    """Says which appointments hold a seat, and which are new."""

    def taken(self) -> Self:
        """Appointments that hold a seat."""
        return self.filter(seat__isnull=False)

    def unseen(self, *, at: datetime) -> Self:
        """Appointments still to come that nobody who counsels has opened since they were booked or moved."""
        return self.filter(state=Booking.State.BOOKED, seen_at=None, starts_at__gt=at)


class Booking(Entrusted):
    """One appointment. Two cannot have the same seat at the same time: the database refuses the second."""

    class State(models.TextChoices):
        """Where it stands. Whoever did not come is not blamed: nothing follows from it."""

        BOOKED = "booked", _("gebucht")
        CAME = "came", _("war da")
        MISSED = "missed", _("nicht gekommen")
        CANCELLED = "cancelled", _("abgesagt")
        CALLED_OFF = "called_off", _("von uns abgesagt")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("Stelle"))
    rule = models.ForeignKey(
        SlotRule, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("Zeile mit Terminen")
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Anlaufstelle"),
    )
    channel = models.CharField(_("Weg"), max_length=10, choices=Channel)
    topic = models.CharField(_("Thema"), max_length=12, choices=Topic)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"), db_index=True)
    # Given back by whoever cancels. An office that calls off keeps it: nobody is there at that time.
    seat = models.PositiveSmallIntegerField(_("Platz"), null=True, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.BOOKED)
    word_sealed = models.BinaryField(_("Satz der Stelle, verschlüsselt"))
    booked_at = models.DateTimeField(_("gebucht am"))
    changed_at = models.DateTimeField(_("zuletzt geändert am"))
    # By whoever counsels, since it was booked or moved.
    seen_at = models.DateTimeField(_("zuerst angesehen am"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta(Entrusted.Meta):
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        indexes = [models.Index(fields=["agency", "starts_at"], name="booking_days")]
        constraints = [
            *Entrusted.Meta.constraints,
            models.UniqueConstraint(
                fields=["rule", "starts_at", "seat"],
                name="booking_one_a_seat",
                violation_error_message=_("Dieser Platz ist schon vergeben."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", seat__isnull=True)
                | (~Q(state="cancelled") & Q(seat__isnull=False, seat__gte=1)),
                name="booking_seat_until_cancelled",
                violation_error_message=_("Nur ein abgesagter Termin hat keinen Platz."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_ends_after_start",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn."),
            ),
        ]

    @property
    def is_booked(self) -> bool:
        """True while the person is expected."""
        return self.state == self.State.BOOKED
