"""Which words and phrases a group of synonyms may hold."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.text import fold
from directory.words.analyse import words

MAX_ENTRIES = 60
MAX_ENTRY_LENGTH = 80
MAX_ENTRY_WORDS = 8  # as many as of a query count, so that any title can be an entry
MIN_STOP_WORDS = 2
ONLY_ONE_WAY = gettext_lazy("„Bedeuten auch“ gehört zu „nur in eine Richtung“ – und nur dazu.")


def entry_faults(entries: Sequence[str]) -> list[str]:
    """Return what is wrong with the entries of a list, in German; [] when nothing is."""
    faults = []
    if len(entries) > MAX_ENTRIES:
        faults.append(_("%(n)d Einträge; höchstens %(max)d sind erlaubt.") % {"n": len(entries), "max": MAX_ENTRIES})
    seen: set[str] = set()
    for entry in entries[:MAX_ENTRIES]:
        folded = fold(entry)
        if fault := _entry_fault(entry):
            faults.append(fault)
        elif folded in seen:
            faults.append(_("„%(entry)s“ steht doppelt da.") % {"entry": entry})
        seen.add(folded)
    return faults


def _entry_fault(entry: str) -> str:
    shown = {"entry": entry[:MAX_ENTRY_LENGTH], "max": MAX_ENTRY_LENGTH, "words": MAX_ENTRY_WORDS}
    if len(entry) > MAX_ENTRY_LENGTH:
        return _("„%(entry)s…“ ist zu lang; höchstens %(max)d Zeichen sind erlaubt.") % shown
    found = words(entry)
    if not found:
        return _("„%(entry)s“ enthält kein Wort.") % shown
    # „was soll ich werden“ says something as a whole; it is only found in a query of such words.
    if len(found) < MIN_STOP_WORDS and all(word.is_stop for word in found):
        return _("„%(entry)s“ besteht nur aus Wörtern, nach denen die Suche nicht sucht.") % shown
    if len(entry.split()) > MAX_ENTRY_WORDS:
        return _("„%(entry)s“ hat zu viele Wörter; höchstens %(words)d sind erlaubt.") % shown
    return ""


def check_group(*, is_one_way: bool, said: Sequence[str], meant: Sequence[str]) -> None:
    """Raise ValidationError by field when the lists of a group cannot be used.

    ``meant`` is the second list as it was entered, so it is empty in a two-way group.
    """
    faults: dict[str, list[str]] = {"words": entry_faults(said), "means": entry_faults(meant)}
    least = 1 if is_one_way else 2
    if len(said) < least:
        faults["words"].append(
            _("Bitte mindestens ein Wort eintragen.") if is_one_way else _("Bitte mindestens zwei Wörter eintragen.")
        )
    if is_one_way != bool(meant):
        faults["means"].append(str(ONLY_ONE_WAY))
    found = {name: messages for name, messages in faults.items() if messages}
    if found:
        raise ValidationError(found)
