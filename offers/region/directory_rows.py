"""Places, agencies, words and pages: files of the region folder → drafts."""

from directory.models import (
    Agency,
    GlossaryTerm,
    Language,
    Locality,
    Municipality,
    NeighbourPlace,
    Page,
    SchoolHoliday,
)
from offers.models import OccupationalField, Situation
from offers.region.problems import Problems
from offers.region.reader import Folder, read_csv, read_page
from offers.region.records import Draft, Model
from offers.region.table import Table

# File → model and columns. A column has the name of its field, except those in LINK_COLUMNS.
CSV_FILES: dict[str, tuple[Model, tuple[str, ...]]] = {
    "languages.csv": (Language, ("code", "name")),
    "situations.csv": (Situation, ("slug", "label", "position")),
    "occupational_fields.csv": (OccupationalField, ("slug", "name")),
    "municipalities.csv": (
        Municipality,
        (
            "ags",
            "name",
            "kind",
            "association",
            "latitude",
            "longitude",
            "postal_codes",
            "aliases",
            "source",
            "verified",
        ),
    ),
    "localities.csv": (
        Locality,
        ("name", "ags", "postal_code", "latitude", "longitude", "aliases", "mapping_verified", "source"),
    ),
    "neighbours.csv": (NeighbourPlace, ("name", "county", "aliases", "postal_codes")),
    "school_holidays.csv": (SchoolHoliday, ("name", "starts_on", "ends_on", "source", "verified")),
    "agencies.csv": (
        Agency,
        (
            "slug",
            "name",
            "short_name",
            "kind",
            "legal_area",
            "stelle",
            "parent",
            "what_we_do",
            "website",
            "status",
            "is_gap",
            "source",
            "source_date",
            "verified",
        ),
    ),
    "glossary.csv": (GlossaryTerm, ("term", "slug", "also", "former_name", "explanation", "audience")),
}
# Columns that name another row: (model, column) → field and model pointed at.
LINK_COLUMNS: dict[tuple[Model, str], tuple[str, Model]] = {
    (Locality, "ags"): ("municipality", Municipality),
    (Agency, "parent"): ("parent", Agency),
}


def csv_drafts(folder: Folder) -> list[Draft]:
    """Read every CSV file of the folder."""
    drafts: list[Draft] = []
    for name, (model, columns) in CSV_FILES.items():
        file = folder.path / name
        if file.is_file():
            drafts += [_csv_draft(model, columns, row) for row in read_csv(folder, file, columns)]
    _check_parents([draft for draft in drafts if draft.model is Agency], folder.problems)
    return drafts


def _csv_draft(model: Model, columns: tuple[str, ...], row: Table) -> Draft:
    draft = Draft(model, row)
    for column in columns:
        link = LINK_COLUMNS.get((model, column))
        if link is None:
            draft.put(row, column)
        else:
            draft.link(row, link[0], column, link[1])
    if model is Locality and draft.links["municipality"] is None:
        draft.problem("municipality", "hier fehlt der Gemeindeschlüssel.")
    return draft


def _check_parents(agencies: list[Draft], problems: Problems) -> None:
    """An agency must not belong to itself, not even by a detour."""
    parents = {draft.key: ref.key for draft in agencies if (ref := draft.links["parent"])}
    for draft in agencies:
        seen = {draft.key}
        above = parents.get(draft.key)
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == draft.key:
            draft.problem("parent", "die Stelle gehört (über Umwege) zu sich selbst.")


def page_drafts(folder: Folder) -> list[Draft]:
    """Read ``pages/*.md``; the name of the file is the address."""
    drafts = []
    for file in sorted(folder.path.glob("pages/*.md")):
        page = read_page(folder, file)
        if page is not None:
            draft = Draft(Page, page)
            draft.put_value(page, "slug", "Dateiname", file.stem)
            draft.put(page, "title", "body")
            drafts.append(draft)
    return drafts
