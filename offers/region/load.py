"""Loads a region folder: all or nothing."""

from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.audit import record
from directory.actions import raise_content_version
from directory.index.writing import rebuild
from offers.region.folder import read_region
from offers.region.parts import write_parts
from offers.region.plan import Action, Change, Plan, make_plan
from offers.region.problems import Problems, RegionError
from offers.region.records import KEY_FIELDS, Key, Model, Ref


def load_region(folder: Path, *, dry_run: bool = False, overwrite: bool = False, at: datetime | None = None) -> Plan:
    """Bring the database to what the folder says and return what changed.

    With ``dry_run`` nothing is written. Rows edited by staff stay unless ``overwrite``;
    then they count as unedited again. Raises RegionError with all problems, or when the
    database refuses a row; either way nothing is changed.
    """
    with transaction.atomic():
        plan = make_plan(read_region(folder), overwrite=overwrite)
        if plan.writes and not dry_run:
            try:
                with transaction.atomic():
                    _write(plan)
            except IntegrityError as error:
                problems = Problems()
                problems.add(str(folder), 1, f"die Datenbank lehnt eine Zeile ab: {error}")
                raise RegionError(problems) from error
        if not dry_run:
            _index(plan)
            if plan.writes:
                _note(plan, folder, at or timezone.now())
    return plan


def _note(plan: Plan, folder: Path, at: datetime) -> None:
    numbers = ", ".join(f"{plan.count(action)} {action}" for action in Action)
    record(
        actor=None,
        action="region.load",
        subject=f"offers.region:{slugify(folder.resolve().name)}",
        at=at,
        detail=numbers,
    )


def _write(plan: Plan) -> None:
    rows: dict[tuple[Model, Key], models.Model] = {
        (change.draft.model, change.draft.key): change.row for change in plan.changes if change.row
    }

    def find(ref: Ref) -> models.Model:
        if (ref.model, ref.key) not in rows:
            names = KEY_FIELDS[ref.model]
            rows[ref.model, ref.key] = ref.model._default_manager.get(**dict(zip(names, ref.key, strict=True)))
        return rows[ref.model, ref.key]

    for change in plan.changes:
        if change.action in (Action.CREATED, Action.CHANGED):
            draft = change.draft
            row = _save(change, {name: find(ref) if ref else None for name, ref in draft.links.items()})
            rows[draft.model, draft.key] = row
            for name, refs in draft.many.items():
                getattr(row, name).set([find(ref) for ref in refs])
            write_parts(draft, row, change.parts, find)


def _index(plan: Plan) -> None:
    """Bring the search index in step, also when no row changed: it may be older than this version of the portal."""
    done = rebuild()
    if plan.writes and not done.wrote:
        raise_content_version()


def _save(change: Change, links: dict[str, models.Model | None]) -> models.Model:
    row: models.Model = change.row or change.draft.model()
    for name, value in {**change.draft.fields, **links}.items():
        setattr(row, name, value)
    if hasattr(row, "staff_edited_at"):
        row.staff_edited_at = None
    row.save()
    return row
