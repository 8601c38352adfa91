"""From a folded word to the key of the index.

The Snowball stemmer for German does the endings. What it cannot know is done before: women and men in a job
share a key, a few plurals of foreign words, and the few words it would throw together wrongly.
"""

import re
from functools import lru_cache
from threading import local

import snowballstemmer

from directory.words.exceptions import NO_WOMAN

_WOMAN = re.compile(
    r"""
    (?P<base>
        [a-z]{3,}(?:er|ent|ant|ist|eur|or|ier)
      | [a-z]{4,}(?:at|aet)
      | [a-z]*(?:[aeiou]log|gog|graf|graph|nom|soph|paed|therapeut|arzt|aerzt|koch|koech|wirt|anwalt|anwaelt|beamt|kolleg
                |sekretar|notar|bibliothekar|kommissar|referendar|freund|kund|gesell|chef|nachbar|vormund|afghan|tuerk|turk|lots|zeug|gehilf)
    )
    (?:in|innen|inen)
    """,
    re.VERBOSE,
)
_COUPLE_ENDS = (
    "frau",
    "frauen",
    "mann",
    "mannes",
    "manns",
    "maenner",
    "maennern",
    "manner",
    "mannern",
    "leute",
    "leuten",
)
_COUPLE = re.compile(
    r"(?P<kind>[a-z]*(?:kauf|fach|wehr|zimmer|kamera|amt|haus|vertrauens|ombuds|geschaefts))"
    rf"(?:{'|'.join(_COUPLE_ENDS)})"
)
_LATIN_PLURAL = re.compile(r"(?P<base>[a-z]*(?:praktik|zentr|datab))(?:a|as|en|ums?)")
# Snowball drops the -s of „Jobs“, but not the one after a vowel: „Azubis“, „Kitas“, „Autos“, „Handys“.
_VOWEL_PLURAL = tuple(consonant + vowel + "s" for consonant in "bcdfghklmnpqrtvwxz" for vowel in "aioy")
_NO_VOWEL_PLURAL = re.compile(
    r"""
    was|das|gas|glas|gras|spas|etwas|atlas|thomas|lukas|jonas|elias|nikolas|ananas|texas|christas
    |gratis|paris|[a-z]*basis|[a-z]*praxis|tennis|iris|dennis|boris|chris|matthis|elis|bis|vis
    |[a-z]*nis|[a-z]*los|[a-z]*chaos|kosmos|[a-z]*moos|gros|[a-z]*tris
    """,
    re.VERBOSE,
)
_IRREGULAR = {
    # As people say it; „nichts“ has the stem of „nicht“.
    **dict.fromkeys(("nix", "nich", "nischt", "nuescht", "nuscht", "nimmer"), "nicht"),
    "azubine": "azubi",
    "azubinen": "azubi",
    "firmen": "firma",
    "konten": "konto",
    "museen": "museum",
    "praxen": "praxis",
    "themen": "thema",
}
# The stemmer takes their last letters for an ending.
_NO_ENDING = ("lots", "kurs", "puls", "hals", "zins", "fels", "impuls", "extern", "intern", "modern", "problem")
# Words that would share a key with another subject: „Lehrer“ with „Lehre“, „Ausbilder“ with „Ausbildung“,
# „Note“ with „Not“, „Bürger“ with „Burg“.
_OWN_KEY = re.compile(
    r"""
    (?: (?P<teacher>[a-z]*(?:lehrer|erzieher|ausbilder)) | (?P<citizen>b(?:ue|u)rger) | (?P<farmer>b(?:au|aeu)er) | (?P<master>[a-z]*meister)
      | (?P<trouble>a(?:e)?rger) | (?P<grief>trauer) | (?P<store>lager) | (?P<place>center)
    ) (?:s|n|in|innen)?
    | (?P<mark>note)n?
    | (?P<free>frei)e[mnrs]?
    """,
    re.VERBOSE,
)
_OWN_KEYS = {"citizen": "burger", "farmer": "bauer", "trouble": "arger"}


def _person(folded: str) -> str:
    """Return the word that stands for a man and a woman in the same job."""
    couple = _COUPLE.fullmatch(folded) if folded.endswith(_COUPLE_ENDS) else None
    if couple:
        return couple["kind"] + "mann"
    woman = _WOMAN.fullmatch(folded) if folded.endswith(("in", "innen", "inen")) else None
    if woman and folded not in NO_WOMAN:
        return woman["base"]
    return folded


def _singular(folded: str) -> str:
    """Return the singular of the plurals the stemmer does not know."""
    latin = _LATIN_PLURAL.fullmatch(folded) if folded.endswith(("a", "as", "en", "um", "ums")) else None
    if latin:
        return latin["base"] + "um"
    if folded.endswith(_NO_ENDING):
        return folded + "e"
    if folded.endswith(_VOWEL_PLURAL) and len(folded) > 4 and not _NO_VOWEL_PLURAL.fullmatch(folded):
        return folded[:-1]
    return _IRREGULAR.get(folded, folded)


class _Stemmers(local):
    """A stemmer holds its word in fields of its own: one for each thread; making one costs twenty words."""

    def __init__(self) -> None:
        self.german = snowballstemmer.stemmer("german")


_OWN = _Stemmers()

_VERB = re.compile(r"(?:(?:ab|an|auf|aus|ein|hin|mit|nach|raus|rum|vor|weg|zu)?ge)?(?P<base>[a-z]{4,}?)e?t")


def infinitive(folded: str) -> str:
    """Return „schwaenzen“ for „schwaenzt“ and „geschwaenzt“, "" for what cannot be such a form.

    A guess: who asks looks first whether there is such a verb („Amt“ has none). The stemmer keeps these endings.
    """
    form = _VERB.fullmatch(folded)
    return form["base"] + "en" if form else ""


@lru_cache(maxsize=2**13)
def stem(folded: str) -> str:
    """Return the key under which the index keeps a folded word; words without Latin letters stay as they are.

    „buerokauffrau“ and „burokauffrau“ give the same key: the stemmer reads ae, oe, ue as umlauts and drops the dots.
    """
    if not folded.isascii() or not folded.isalpha():
        return folded
    own = _OWN_KEY.fullmatch(folded)
    if own:
        kind = own.lastgroup or ""
        return _OWN_KEYS.get(kind, own[kind])
    if folded.startswith(("jaehrig", "jahrig")):
        return "jahr"
    found: str = _OWN.german.stemWord(_singular(_person(folded)))
    return found or folded
