"""Spreadsheets on their way in, and addresses of records that were merged into others."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.fields import PlainJSONField
from directory.models.agency import Agency


class Import(models.Model):
    """One spreadsheet that somebody brought, as rows of text. The file itself is never kept."""

    class State(models.TextChoices):
        """How far it has come."""

        COLUMNS = "columns", _("Spalten zuordnen")
        CHECKING = "checking", _("wird geprüft")
        READY = "ready", _("wartet auf Übernahme")
        RUNNING = "running", _("wird übernommen")
        DONE = "done", _("fertig")

    UNFINISHED = (State.COLUMNS, State.CHECKING, State.READY, State.RUNNING)

    # Made with the form, so that the same form sent twice is one import.
    key = models.UUIDField(_("Schlüssel des Formulars"), unique=True, editable=False)
    kind = models.CharField(_("Was"), max_length=40)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("Stelle")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("von"),
    )
    at = models.DateTimeField(_("hochgeladen am"), db_index=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.COLUMNS)
    header = PlainJSONField(_("Kopfzeile"), default=list)
    # One entry a column of the file: the name of our column, "" for "leave out", None for "not decided".
    mapping = PlainJSONField(_("Zuordnung der Spalten"), default=list)

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Importe")
        ordering = ["-at", "-pk"]
        default_permissions = ("add", "view")
        permissions = [("export_records", _("Angaben als Datei ausgeben"))]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ImportRow(models.Model):
    """One row of the spreadsheet: what was typed, what the check found, what became of it."""

    class Outcome(models.TextChoices):
        """What the check found."""

        WRONG = "wrong", _("fehlerhaft")
        DOUBLE = "double", _("vielleicht schon da")
        CHANGED = "changed", _("geändert")
        NEW = "new", _("neu")
        SAME = "same", _("unverändert")
        LEFT_OUT = "left_out", _("bleibt weg")

    class Result(models.TextChoices):
        """What became of it."""

        ENTERED = "entered", _("übernommen")
        PROPOSED = "proposed", _("als Änderung vorgelegt")
        REFUSED = "refused", _("nicht übernommen")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", verbose_name=_("Import"))
    number = models.PositiveIntegerField(_("Zeile"))
    cells = PlainJSONField(_("Zellen"), default=list)
    outcome = models.CharField(_("Befund"), max_length=10, choices=Outcome, blank=True)
    # [{"column": "Telefon", "text": "03904 abc", "message": "…"}]
    problems = PlainJSONField(_("Fehler"), default=list, blank=True)
    # [{"label": "Ort", "before": "…", "after": "…"}]
    differences = PlainJSONField(_("Unterschiede"), default=list, blank=True)
    target = models.PositiveBigIntegerField(_("Eintrag"), null=True, blank=True)
    candidates = PlainJSONField(_("ähnliche Einträge"), default=list, blank=True)
    # "new", or the key of the record it is.
    choice = models.CharField(_("Antwort"), max_length=24, blank=True)
    result = models.CharField(_("Ergebnis"), max_length=10, choices=Result, blank=True)

    class Meta:
        verbose_name = _("Zeile eines Imports")
        verbose_name_plural = _("Zeilen eines Imports")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number"],
                name="importrow_once",
                violation_error_message=_("Diese Zeile gibt es in diesem Import schon."),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"


class MovedAddress(models.Model):
    """The public address of a record that was merged into another one: it leads there for good."""

    kind = models.CharField(_("Art"), max_length=60)  # as in "directory.contactpoint"
    slug = models.CharField(_("alter Kurzname"), max_length=80)
    target = models.PositiveBigIntegerField(_("neuer Eintrag"))
    at = models.DateTimeField(_("seit"))

    class Meta:
        verbose_name = _("umgezogene Adresse")
        verbose_name_plural = _("umgezogene Adressen")
        default_permissions = ()
        permissions = [("merge_records", _("Einträge zusammenführen"))]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="movedaddress_once",
                violation_error_message=_("Diese Adresse ist schon umgezogen."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
