"""Words that look like something they are not. All folded."""


def _all(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_WOMAN = _all("""
schwerin valentin konstantin argentin byzantin christin florin elefantin hinterin glycerin serpentin vanillin
margarin benjamin diamantin levantin drinnen erinnen innen ruin urin
""")
"""They end like a woman's job, but are none."""

SHORT_PARTS = _all("""
abi amt art bad bau bus ehe eis gas hof job kfz kur lkw not oel ort pkw rad rat see tag tee tor uhr uni web weg zoo zug
""")
"""Words of three letters are part of others by accident too often; only these may be parts of compounds."""

NO_FIRST = _all("""
aus auss ein einer vor vorher bei beis mit nach neben ueber unter durch gegen hin hinter her herr los weg fort
zer ver ent miss wieder wider zwischen zusammen zurueck ausser inner inter voll wohl dar weiter dahinter heran herum rein raus
""")
"""Particles and prefixes: „Ausbildung“ is not „aus“ and „Bildung“."""

NO_LAST = _all("""
los lose losen loser bar lich heit keit keiten schaft schaften haft hafte haften haftung mal weise voll volle vollen
frei freie freien reich reiche reichen arm innen ende enden ender erin ung ungen statt stand staendig ering tum
rinnen raten rate eren ernen erung lage lagen ling linge ster stern isch ische erst
""")
"""Endings that are words as well: „Gemeinschaft“ has nothing to do with a „Schaft“."""

LIGHT_FIRST = ("neben", "erst", "zwischen")
"""First parts that add no subject of their own: „Nebenjob“, „Erstberatung“, „Zwischenprüfung“."""
LIGHT_LAST = ("frau", "frauen", "mann", "maenner", "maennern", "leute", "leuten", "suche", "sucher")
"""Last parts that add no subject of their own: „Feuerwehrfrau“, „Wohnungssuche“."""

COUPLES = _all("kaufmann kauffrau kaufleute fachmann fachfrau fachleute")

WHOLE = _all("""
handwerk handwerker bahnhof landkreis werkstatt wirtschaft haushalt fahrzeug werkzeug spielzeug zeugnis zeitung
gesellschaft sachsen anhalt niederlande deutschland frankreich grundlage hauptsache feierabend urlaub beispiel hochzeit
niedersachsen dienstag mittwoch donnerstag samstag hochschule netzwerk standort richtlinie ruecksicht vollzeit
landwirtschaft homepage hauptstadt feiertag geburtstag jahrgang rathaus
""")
"""Compounds that mean something of their own; their parts would lead astray."""
