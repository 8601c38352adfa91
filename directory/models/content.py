"""Texts of the site itself: pages, glossary, and the version of all public content."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """An editable page such as the Impressum. A working default is loaded with the region."""

    slug = models.SlugField(
        _("Kurzname in der Adresse"),
        max_length=60,
        unique=True,
        help_text=_("Teil der Internetadresse. Bitte nicht ändern."),
    )
    title = models.CharField(_("Überschrift"), max_length=120)
    body = models.TextField(
        _("Text"),
        help_text=_("Absätze durch Leerzeile trennen. ## Zwischenüberschrift, - Liste, **fett**, [Text](Adresse)."),
    )
    checked_on = models.DateField(_("geprüft am"), null=True, blank=True)
    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Seite")
        verbose_name_plural = _("Seiten")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Public address of the page."""
        return f"/{self.slug}/"


class GlossaryTerm(models.Model):
    """A word of the offices with a plain explanation, linked from texts."""

    class Audience(models.TextChoices):
        """Some words are explained to staff only."""

        ALL = "all", _("alle")
        STAFF = "staff", _("Fachkräfte")

    slug = models.SlugField(_("Kurzname in der Adresse"), max_length=60, unique=True)
    term = models.CharField(_("Wort"), max_length=80)
    also = models.CharField(
        _("andere Schreibweisen"),
        max_length=300,
        blank=True,
        help_text=_("Mit Semikolon getrennt. Auch diese Wörter werden in Texten verlinkt."),
    )
    former_name = models.CharField(
        _("früher"), max_length=80, blank=True, help_text=_("Zum Beispiel „Bürgergeld“ bei „Grundsicherungsgeld“.")
    )
    explanation = models.TextField(_("Erklärung"), help_text=_("Zwei bis drei kurze Sätze."))
    audience = models.CharField(_("für"), max_length=8, choices=Audience, default=Audience.ALL)
    staff_edited_at = models.DateTimeField(_("von Hand geändert am"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Begriff")
        verbose_name_plural = _("Glossar")
        ordering = [Lower("term")]

    def __str__(self) -> str:
        return self.term

    def get_absolute_url(self) -> str:
        """The term on the glossary page."""
        return f"{reverse('directory:glossary')}#{self.slug}"


class ContentVersion(models.Model):
    """One row: a number that every published change raises. Caches and indexes hang on it."""

    number = models.PositiveBigIntegerField(_("Nummer"), default=1)
    # The number alone could come back after a restore; number and stamp together never do.
    stamp = models.CharField(_("Stempel"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("Inhaltsstand")
        verbose_name_plural = _("Inhaltsstand")

    def __str__(self) -> str:
        return str(self.number)
