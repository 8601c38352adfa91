"""The search index: what can be found, under which words, and which words mean the same.

Entries, terms, postings and words are derived from the content (see directory.index.writing)
and can be rebuilt at any time. Synonyms are data and kept by staff.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.synonym_entries import ONLY_ONE_WAY, check_group

MAX_TERM = 80


class SearchEntry(models.Model):
    """One thing that can be found, public or not: whether it may be shown is asked when reading."""

    class Kind(models.TextChoices):
        """What it is; results are grouped by it."""

        OFFER = "offer", _("Angebot")
        CONTACT_POINT = "contact_point", _("Anlaufstelle")
        AGENCY = "agency", _("Stelle")
        CONCERN = "concern", _("Anliegen")
        TERM = "term", _("Begriff")

    kind = models.CharField(_("Art"), max_length=13, choices=Kind)
    object_id = models.PositiveBigIntegerField(_("Nummer"))
    key = models.CharField(_("Kurzname"), max_length=100)
    title = models.CharField(_("Titel"), max_length=200)
    summary = models.CharField(_("Kurz gesagt"), max_length=300, blank=True)
    # Folded words of the text, sorted, one space before and after each: what this entry gives to SearchWord.
    words = models.TextField(_("Wörter"), blank=True)
    fingerprint = models.CharField(_("Fingerabdruck"), max_length=64)

    class Meta:
        verbose_name = _("Sucheintrag")
        verbose_name_plural = _("Sucheinträge")
        ordering = ["kind", "object_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="searchentry_once",
                violation_error_message=_("Diesen Sucheintrag gibt es schon."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class SearchTerm(models.Model):
    """A key of the index: the stem of a word, or "=" and the stems of a whole title."""

    text = models.CharField(_("Stamm"), max_length=MAX_TERM, unique=True)

    class Meta:
        verbose_name = _("Suchstamm")
        verbose_name_plural = _("Suchstämme")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class SearchPosting(models.Model):
    """The term stands in the entry; the weight says where and how often, in whole numbers."""

    pk = models.CompositePrimaryKey("entry_id", "term_id", verbose_name=_("Schlüssel"))
    # The primary key serves lookups by entry, the index below those by term; no more indexes are needed.
    entry = models.ForeignKey(
        SearchEntry, on_delete=models.CASCADE, related_name="postings", db_index=False, verbose_name=_("Sucheintrag")
    )
    term = models.ForeignKey(
        SearchTerm, on_delete=models.CASCADE, related_name="postings", db_index=False, verbose_name=_("Suchstamm")
    )
    weight = models.PositiveSmallIntegerField(_("Gewicht"))

    class Meta:
        verbose_name = _("Fundstelle")
        verbose_name_plural = _("Fundstellen")
        indexes = [models.Index(fields=["term", "entry", "weight"], name="searchposting_by_term")]

    def __str__(self) -> str:
        return f"{self.term_id} {self.entry_id} {self.weight}"


class SearchWord(models.Model):
    """A word as it stands in the content: for corrections, suggestions and the splitting of compounds."""

    word = models.CharField(_("Wort"), max_length=MAX_TERM, unique=True)
    display = models.CharField(_("Schreibweise"), max_length=MAX_TERM)
    stem = models.CharField(_("Stamm"), max_length=MAX_TERM, db_index=True)

    class Meta:
        verbose_name = _("Suchwort")
        verbose_name_plural = _("Suchwörter")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.display


class SynonymGroup(models.Model):
    """Words that mean the same, or (one way) what people say for what the offices call it."""

    name = models.CharField(
        _("Name"), max_length=80, unique=True, help_text=_("Nur für Sie: Woran erkennen Sie die Gruppe wieder?")
    )
    is_one_way = models.BooleanField(
        _("nur in eine Richtung"),
        default=False,
        help_text=_(
            "Angekreuzt: Wer ein Wort der ersten Liste sucht, findet auch die zweite – aber nicht umgekehrt. "
            "Nicht angekreuzt: Jedes Wort der ersten Liste findet alle anderen."
        ),
    )
    words = models.TextField(
        _("Wörter"),
        help_text=_(
            "Jede Zeile ist ein Wort oder eine kurze Wendung. Höchstens 60 Zeilen. "
            "Umlaute, Großschreibung und Endungen spielen keine Rolle."
        ),
    )
    means = models.TextField(
        _("bedeuten auch"),
        blank=True,
        help_text=_("Nur bei „nur in eine Richtung“: Danach wird zusätzlich gesucht. Jede Zeile ist ein Wort."),
    )
    note = models.TextField(_("Notiz"), blank=True, help_text=_("Nur für Sie. Erscheint nicht öffentlich."))
    is_active = models.BooleanField(
        _("wird benutzt"),
        default=True,
        help_text=_("Ohne Haken bleibt die Gruppe stehen, aber die Suche übergeht sie."),
    )
    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Gruppe gleicher Wörter")
        verbose_name_plural = _("Gleiche Wörter")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(is_one_way=True) & ~Q(means="")) | Q(is_one_way=False, means=""),
                name="synonymgroup_means_only_one_way",
                violation_error_message=ONLY_ONE_WAY,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse lists that the search cannot use."""
        check_group(is_one_way=self.is_one_way, said=self.said(), meant=_lines(self.means))

    def said(self) -> list[str]:
        """What people type, one entry a line."""
        return _lines(self.words)

    def meant(self) -> list[str]:
        """What is searched as well: the other list, or in a two-way group the same one."""
        return _lines(self.means) if self.is_one_way else self.said()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
