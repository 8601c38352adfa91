"""A region folder as a whole: read everything, then check what only the whole can show."""

import os
from pathlib import Path

from django.conf import settings

from directory.models import Agency, ContactPoint
from directory.public_holidays import LAENDER
from offers.region.contact_point_rows import check_gap_owners, contact_point_drafts
from offers.region.directory_rows import CSV_FILES, csv_drafts, page_drafts
from offers.region.offer_rows import offer_drafts
from offers.region.problems import Problems, RegionError
from offers.region.reader import Folder, read_toml
from offers.region.records import KEY_FIELDS, Draft, Key, Model, Ref, key_of
from offers.region.synonym_rows import SYNONYMS_FILE, synonym_drafts
from offers.region.table import Table

REGION_FILE = "region.toml"
# Pages read these tables themselves; the readability check reads the names.
READ_ELSEWHERE = ("parents.toml", "professionals.toml", "official_names.txt")
REGION_KEYS = (
    "key", "name", "portal_name", "state", "timezone", "holiday_subdivision", "coordination_agency", "coordination_point",
)  # fmt: skip
# Keys of region.toml that end like this name a row of the folder.
REGION_LINKS: dict[str, Model] = {"_agency": Agency, "_point": ContactPoint}


def read_region(path: Path) -> list[Draft]:
    """Return all rows of the folder, in the order in which they can be written.

    Raises RegionError with every problem found; nothing is written.
    """
    problems = Problems()
    folder = Folder(path, shown_path(path), problems)
    if not (path / REGION_FILE).is_file():
        problems.add(f"{folder.shown}/{REGION_FILE}", 1, "die Datei fehlt. Ist das ein Regionsordner?")
        raise RegionError(problems)
    # Others read these files; that they can be read at all is checked here.
    region, *_ = [
        read_toml(folder, file) for file in sorted(path.glob("*.toml"), key=lambda file: file.name != REGION_FILE)
    ]
    drafts = [
        *csv_drafts(folder),
        *contact_point_drafts(folder),
        *offer_drafts(folder),
        *page_drafts(folder),
        *synonym_drafts(folder),
    ]
    drafts = _in_writing_order(drafts)
    for draft in drafts:
        draft.check()
    _check_duplicates(drafts)
    _check_refs(drafts)
    check_gap_owners(drafts)
    if region is not None:
        _check_region(region, {draft_key(draft) for draft in drafts})
    if len(problems):
        raise RegionError(problems)
    return drafts


def unread_files(path: Path) -> list[str]:
    """Files of the folder that the loader does not read; a misspelt name shows up here."""
    read = {REGION_FILE, SYNONYMS_FILE, *CSV_FILES, *READ_ELSEWHERE}
    # Rules and their examples are read by load_rules.
    globs = ("contact_points/*.toml", "offers/*.toml", "pages/*.md", "rules/*.toml", "scenarios/*.toml")
    read |= {file.relative_to(path).as_posix() for pattern in globs for file in path.glob(pattern)}
    names = (file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    return sorted(name for name in names if name not in read)


def shown_path(path: Path) -> str:
    """The folder as messages call it: from the project's root if it lies there."""
    absolute = path.resolve()
    if absolute.is_relative_to(settings.BASE_DIR):
        return absolute.relative_to(settings.BASE_DIR).as_posix()
    return os.fspath(path)


def draft_key(draft: Draft) -> tuple[Model, Key]:
    """Model and key: what a reference points to."""
    return draft.model, draft.key


def _in_writing_order(drafts: list[Draft]) -> list[Draft]:
    """What is pointed at comes first; a parent before its children."""
    order = {model: position for position, model in enumerate(KEY_FIELDS)}
    parents = {draft.key: ref.key for draft in drafts if draft.model is Agency and (ref := draft.links["parent"])}

    def depth(draft: Draft) -> int:
        steps, key = 0, draft.key
        while draft.model is Agency and key in parents and steps <= len(parents):
            steps, key = steps + 1, parents[key]
        return steps

    return sorted(drafts, key=lambda draft: (order[draft.model], depth(draft)))


def _check_duplicates(drafts: list[Draft]) -> None:
    seen: dict[tuple[Model, Key], Draft] = {}
    for draft in drafts:
        first = seen.setdefault(draft_key(draft), draft)
        if first is not draft:
            message = f"„{' / '.join(draft.key)}“ gibt es schon in {first.table.source.file}:{first.table.line()}."
            draft.problem(KEY_FIELDS[draft.model][-1], message)
    _check_unique_fields(drafts)


def _check_unique_fields(drafts: list[Draft]) -> None:
    """Fields that must be unique beside the key, such as the name of a municipality."""
    seen: dict[tuple[Model, str, object], Draft] = {}
    for draft in drafts:
        for name, value in draft.fields.items():
            if is_unique(draft.model, name) and (name,) != KEY_FIELDS[draft.model]:
                first = seen.setdefault((draft.model, name, value), draft)
                if first is not draft:
                    draft.problem(name, f"„{value}“ gibt es schon in Zeile {first.table.line()}.")
                elif any(key != draft.key for key in _stored_keys(draft, name)):
                    draft.problem(name, f"„{value}“ gibt es schon in der Datenbank.")


def is_unique(model: Model, name: str) -> bool:
    """Whether no two rows may have the same value in the field."""
    return any(item.name == name and item.unique for item in model._meta.concrete_fields)


def _stored_keys(draft: Draft, name: str) -> list[Key]:
    rows = draft.model._default_manager.filter(**{name: draft.fields[name]})
    return [key_of(row) for row in rows]


def _check_refs(drafts: list[Draft]) -> None:
    """Every reference points to a row of the folder, or to one that is in the database already."""
    known = {draft_key(draft) for draft in drafts}
    for draft in drafts:
        owners = [draft, *(part for parts in draft.parts.values() for part in parts)]
        for owner in owners:
            refs = [(name, ref) for name, ref in owner.links.items() if ref]
            refs += [(name, ref) for name, many in owner.many.items() for ref in many]
            for name, ref in refs:
                if ref.model in KEY_FIELDS and (ref.model, ref.key) not in known and not _is_stored(ref):
                    owner.problem(name, f"„{ref}“ gibt es nicht ({ref.model._meta.verbose_name_plural}).")


def _is_stored(ref: Ref) -> bool:
    fields = KEY_FIELDS[ref.model]
    return bool(ref.model._default_manager.filter(**dict(zip(fields, ref.key, strict=True))).exists())


def _check_region(region: Table, known: set[tuple[Model, Key]]) -> None:
    for key in REGION_KEYS:
        if not region.text(key) and not region.has_problem(key):
            region.problem(key, "diese Angabe fehlt.")
    land = region.text("holiday_subdivision")
    if land and land not in LAENDER:
        region.problem("holiday_subdivision", f"„{land}“ ist kein Land. Möglich sind: {', '.join(sorted(LAENDER))}.")
    for key in region.data:
        for ending, model in REGION_LINKS.items():
            value = region.text(key) if key.endswith(ending) else ""
            if value and (model, (value,)) not in known:
                region.problem(key, f"„{value}“ gibt es nicht ({model._meta.verbose_name_plural}).")
