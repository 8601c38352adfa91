"""``synonyms.toml`` → drafts of the groups of words that mean the same."""

from directory.models import SynonymGroup
from offers.region.reader import Folder, read_toml
from offers.region.records import Draft
from offers.region.table import Table

SYNONYMS_FILE = "synonyms.toml"


def synonym_drafts(folder: Folder) -> list[Draft]:
    """Read every ``[[group]]`` of the file, if there is one."""
    file = folder.path / SYNONYMS_FILE
    top = read_toml(folder, file) if file.is_file() else None
    if top is None:
        return []
    drafts = [_group(table) for table in top.tables("group")]
    top.finish()
    return drafts


def _group(table: Table) -> Draft:
    draft = Draft(SynonymGroup, table)
    draft.put(table, "name", "note")
    draft.put_as(table, "is_one_way", "one_way")
    for name in ("words", "means"):
        entries = table.words(name)
        for entry in entries:
            if "\n" in entry:
                table.problem(name, f"„{entry.splitlines()[0]} …“ steht auf mehreren Zeilen.")
        draft.put_value(table, name, name, "\n".join(entries))
    draft.put_value(table, "is_active", "active", table.flag("active") if table.has("active") else True)
    return draft
