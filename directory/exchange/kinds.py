"""What every kind of record has in common that can leave and come back as a spreadsheet."""

from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange.columns import Column, FieldColumn, InfoColumn
from directory.rights import Reach
from directory.text import fold

SLUG = "slug"


class NotMergeable(Exception):
    """These two cannot become one; the message says why."""


class SlugColumn(FieldColumn):
    """The short name of the address: it says which record a row is. New records get theirs from the name."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, SLUG, "Kennung", "ID", "Schlüssel", "Slug", label=gettext_lazy("Kurzname"))


def info_columns() -> tuple[Column, ...]:
    """Return what everybody wants to see and nobody can bring: where a record stands."""
    return (
        InfoColumn("status", gettext_lazy("Status"), lambda row: str(row.get_status_display())),
        InfoColumn("is_example", gettext_lazy("Beispieldaten"), lambda row: _("ja") if row.is_example else _("nein")),
        InfoColumn("updated_at", gettext_lazy("Zuletzt gespeichert"), lambda row: f"{row.updated_at:%d.%m.%Y}"),
        InfoColumn("review_due_on", gettext_lazy("Nächste Prüfung"), _review_day),
    )


def _review_day(row: Any) -> str:
    return f"{row.review_due_on:%d.%m.%Y}" if row.review_due_on else ""


def review_columns(model: Any) -> tuple[Column, ...]:
    """Return where the facts come from, who looked at them and from when to when they are public."""
    return (
        FieldColumn(model, "source", "Quellen", "Nachweis"),
        FieldColumn(model, "source_date", "Stand"),
        FieldColumn(model, "verified"),
        FieldColumn(model, "checked_on", "Zuletzt geprüft", "Prüfdatum"),
        FieldColumn(model, "review_interval_months", "Prüfabstand"),
        FieldColumn(model, "published_from"),
        FieldColumn(model, "published_until"),
    )


class Kind:
    """One kind of record. ``key`` stands in addresses; ``agency_path`` leads to the agency as in the back office."""

    key: str
    model: Any
    agency_path: str
    title: str
    # As reports of visitors name such a record.
    report_kind: str
    # Fields that say where something is, for finding what is there already.
    place: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    # Columns nobody chooses when two records become one: the value of the one that stays is kept.
    kept_in_merging: frozenset[str] = frozenset({SLUG})
    prefetch: tuple[str, ...] = ()

    @property
    def label(self) -> Any:
        """The German name of several records."""
        return self.model._meta.verbose_name_plural

    @property
    def permission(self) -> str:
        """The right that lets somebody bring such records."""
        return f"{self.model._meta.app_label}.add_{self.model._meta.model_name}"

    def column(self, name: str) -> Column | None:
        """Return a column by its name."""
        return next((column for column in self.columns if column.name == name), None)

    def rows(self, reach: Reach) -> QuerySet[Any]:
        """Return the records within reach, with what hangs on them."""
        return reach.own(self.model._default_manager.all(), self.agency_path).prefetch_related(*self.prefetch)

    def start(self, reach: Reach) -> Any:
        """Return a record that is not saved yet, of the agency that brings it."""
        return self.model()

    def check(self, row: Any, values: dict[str, Any], reach: Reach) -> None:
        """Refuse values that do not go together. Raises ValidationError with the names of columns."""

    def keep_within(self, row: Any, reach: Reach) -> None:
        """Tie a new record to the agency that brings it, where its own fields do not."""

    def check_merging(self, keep: Any, other: Any) -> None:
        """Refuse two records that must stay two. Raises NotMergeable."""

    def titled(self, row: Any) -> str:
        """Return the name of a record."""
        return str(getattr(row, self.title))

    def free_slug(self, row: Any) -> str:
        """Return a short name for the address that nobody has."""
        length = (self.model._meta.get_field(SLUG).max_length or 60) - 5
        slug = slugify(fold(self.titled(row)).replace("ß", "ss"))[:length].strip("-") or self.key[:length]
        taken = set(self.model._default_manager.filter(slug__startswith=slug).values_list("slug", flat=True))
        numbered = (f"{slug}-{number}" for number in range(2, 10_000))
        return slug if slug not in taken else next(name for name in numbered if name not in taken)

    def agency_of(self, row: Any) -> int | None:
        """Return the agency a record belongs to, for the audit log."""
        return None
