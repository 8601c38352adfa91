"""What counts as one word in German text. Of the alternatives the first that fits wins."""

import re

# Marks that sit on a letter, and signs nobody sees: part of the word, dropped in folding.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f"
    r"\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff"
    # Vowels and ends of a Korean syllable that is written in its parts.
    r"\u1160-\u11ff"
)
# Possessive: a letter keeps its marks, so no text makes the pattern try again and again.
_LETTER = rf"(?:[^\W\d_][{_MARKS}]*+)"
_HYPHEN = r"[-\u2010\u2011]"
_END = rf"(?![^\W_]|[{_MARKS}])"
_GENDER_SIGN = r"[:*·•_]"
_PERSON = (
    "er",
    "or",
    "eur",
    "ent",
    "ant",
    "ist",
    "nom",
    "graf",
    "log",
    "arzt",
    "ärzt",
    "aerzt",
    "wirt",
    "koch",
    "köch",
)
_AFTER_PERSON = "(?:" + "|".join(rf"(?<={ending})" for ending in _PERSON) + ")"
_CASE = r"(?:r|n|s|e|en|er|nen)"
_GENDERED = rf"""
    {_LETTER}{{2,}}+
    (?: {_GENDER_SIGN}{{1,2}}-? (?:in|innen|inen|{_CASE}) {_END}
      | {_GENDER_SIGN}(?:innen|in) {_LETTER}{{3,}}+
      | [ ]?/[ ]?-(?:in|innen|{_CASE}) {_END}
      | /(?:in|innen|r|n) {_END}
      | {_AFTER_PERSON}{_HYPHEN}(?:in|innen) {_END}
      | \( -? (?:in|innen|inn|{_CASE}) \) (?:en{_END})?
      | (?<=mann)(?:[ ]?/[ ]?-|[/:*_])frau {_END}
      | (?<=frau)(?:[ ]?/[ ]?-|[/:*_])mann {_END}
    )
"""
_GENDERS = r"""
    \( \s? [mwdgxfi] \s?[/|,*]\s? [mwdgxfi] (?: \s?[/|,*]\s? [mwdgxfi*] ){0,2} \s? \)
  | [mw] [ ]?[/|][ ]? [mwd] (?: [ ]?[/|][ ]? [mwdx] )? (?![^\W_])
"""
_ORDINAL = (
    r"(?:erst|zweit|dritt|viert|fünft|fuenft|sechst|siebt|acht|neunt|zehnt|elft|zwölft|zwoelft|vierzehnt)e[srnm]?"
)
_ROMAN = r"(?:xiv|xiii|xii|xi|ix|viii|vii|vi|iv|v|iii|ii|i|x)"
_LAW = rf"""
    (?:sgb|alg|hartz|sozialgesetzbuch(?:e?s)?(?:\s?\(sgb\))?) [\s.\u2010-\u2014-]{{0,3}} (?:\d{{1,2}}|{_ROMAN}) {_END}
  | {_ORDINAL} \s{{1,3}} (?:buch(?:e?s)?\s{{1,3}}(?:des\s{{1,3}})?)? sozialgesetzbuch(?:e?s)? {_END}
  | sozialgesetzbuch(?:e?s)?(?:\s?\(sgb\))? \s?[,(\u2010-\u2014-]?\s? {_ORDINAL} \s{{1,3}} buch(?:e?s)? {_END}
"""

TOKEN = re.compile(
    rf"""
      (?P<genders> {_GENDERS} )
    | (?P<paragraph> (?: §{{1,2}}\s{{0,3}} | paragra(?:f|ph)(?:en|s)?\s{{1,3}} ) \d{{1,4}}[a-z]? {_END} )
    | (?P<law> {_LAW} )
    | (?P<abbreviation> {_LETTER}(?: (?:\.{_LETTER}{_END})++ | \.[ \u00a0]{_LETTER}{_END} ) \.? )
    | (?P<number> \d{{1,3}}(?:\.\d{{3}})++(?![\d.]) | \d++(?: \.?s?te[rsnm]?{_END} | er{_END} )? )
    | (?P<code> {_LETTER}{_HYPHEN}?\d{{1,4}}{_END} | {_LETTER}{{2}}\d{{1,4}}{_END} )
    | (?P<joined> {_LETTER}{_HYPHEN}{_LETTER}{{2,}}+ )
    | (?P<gendered> {_GENDERED} )
    | (?P<half> {_LETTER}{{3,}}+(?={_HYPHEN}{_END}) )
    | (?P<word> {_LETTER}++(?:['’ʼ]{_LETTER}++)*+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Name of the alternative = kind of the token; every token is a run of the source."""

CAMEL_WOMAN = re.compile(
    rf"(?P<base>[^\W\d_]+(?:{'|'.join(_PERSON)}|olleg|at))(?:Innen|In)(?P<rest>[^\W\d_A-Z]{{3,}})?"
)
"""„ErzieherIn“, „BürgerInnenbüro“; not „LinkedIn“."""

LETTERS = re.compile(rf"{_LETTER}+")

_ROMAN_NUMBERS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv")
_ORDINAL_STEMS = (
    *("erst", "zweit", "dritt", "viert", "fuenft", "sechst", "siebt"),
    *("acht", "neunt", "zehnt", "elft", "zwoelft", "dreizehnt", "vierzehnt"),
)
LAW_NUMBERS = {name: number for names in (_ROMAN_NUMBERS, _ORDINAL_STEMS) for number, name in enumerate(names, 1)}
"""Roman numbers and stems of ordinals, folded, as books of law are counted."""
