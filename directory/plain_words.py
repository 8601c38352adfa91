"""Words that do not belong into texts for young people and parents, each with what to write instead."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.readability import YOUTH
from directory.words.analyse import stems, words

BANNED: dict[str, Promise] = {
    "Rechtskreis": _("Nennen Sie die Stelle, die entscheidet."),
    "Bedarfsgemeinschaft": _("Schreiben Sie „du und deine Familie“."),
    "Leistungsträger": _("Nennen Sie die Stelle beim Namen."),
    "Maßnahme": _("Sagen Sie, was dort passiert: Kurs, Hilfe, Praktikum."),
    "Kunde": _("Schreiben Sie „du“."),
    "Kundin": _("Schreiben Sie „du“."),
    "Zielgruppe": _("Schreiben Sie „für dich, wenn …“."),
    "benachteiligt": _("Nennen Sie, worum es geht, ohne zu werten."),
}
"""Words of the offices: never on pages for young people."""

CAREFUL: dict[str, Promise] = {
    "sofort": _("Versprechen Sie nichts. Sagen Sie, wie lange es meistens dauert."),
    "garantiert": _("Versprechen Sie nichts."),
    "garantieren": _("Versprechen Sie nichts."),
    "Garantie": _("Versprechen Sie nichts."),
    "ungültig": _("Geben Sie niemandem die Schuld. Sagen Sie, was zu tun ist."),
    "leider": _("Sagen Sie lieber, was stattdessen geht."),
}
"""Promises and blame: right in few places, so only a hint, for every reader."""


@dataclass(frozen=True, slots=True)
class Found:
    """One word as it stands in the text; ``is_banned`` needs a reason, the others are a hint."""

    written: str
    advice: Promise
    is_banned: bool


@lru_cache(maxsize=1)
def _by_stem() -> dict[str, tuple[Promise, bool]]:
    """Return the lists by the key under which the search compares words, so that every ending is found."""
    careful = {stems(word)[0]: (advice, False) for word, advice in CAREFUL.items()}
    return careful | {stems(word)[0]: (advice, True) for word, advice in BANNED.items()}


def found_in(text: str, reader: str) -> list[Found]:
    """Return the words of a text that are on the lists, once each; parts of longer words do not count."""
    found: dict[str, Found] = {}
    for word in words(text):
        advice, is_banned = _by_stem().get(word.stem, (None, False))
        if advice is not None and (reader == YOUTH or not is_banned):
            found.setdefault(word.stem, Found(word.text, advice, is_banned))
    return list(found.values())
