"""Words that a sentence needs and that say little of its subject. They are searched, but count less.

Unlike stop words they stand in the index: in „neue Stelle“ the word „neu“ may still decide between two offers.
A list of our own, in folded spelling; every inflected form of a word counts with it.
"""

from directory.words.stemming import stem

_VERBS = """
anfangen anrufen ankommen beenden beginnen behalten beide bieten bleiben bleib blieb denken denk dreh
dreht fehlen fehlt fragen frag fuehlen fuehl gefallen gehoeren genommen glauben glaub halten haelt
heissen heisst holen hol hoffen hoeren hoer kennen kenn klappen klappt kommen komm krieg laufen lauf laeuft legen leg liegen lieg machen melden meld nehmen nehm nimmt nennen passieren passiert reden red rufen ruf
ruft sagen sag sagt schaffen schaff schauen schau schicken schick sehen seh sieht setzen setz sitzen sitz stehen steh
steht stellen stell trauen trau treffen treff verlieren verstehen versteh versuchen versuch wechseln
wollen wuensch zeigen zeig ziehen zieh laesst gelassen gefunden gegangen gesagt gekommen gesehen gestellt
versucht
"""
_ADVERBS = """
anders bald bereits besser bisher bloss da danach denen deshalb direkt draussen drinnen egal
endlich erstmal fast frueher ganze genau genug gestern gleich haeufig heute immerhin inzwischen irgendwann jemals
kaum lang lange lieber manchmal meist meistens morgen naemlich nie niemals niemand nirgends nix nichts oben oft
plotzlich richtig runter raus rein rum schnell selber selbst selten spaet spaeter staendig total trotzdem unbedingt
unten viel viele vielen vorher weg weiter weniger wenig wirklich zuerst zurueck zusammen ziemlich
"""
_ADJECTIVES = """
erst erste zweit zweite dritt dritte alt bester beste eigen eigene einzig falsch fertig gross grosse gut gute guten guter halb klein kleine kurz
letzt letzte letzten moeglich naechst naechste naechsten neu neue neuen neuer nett schlecht schlimm schoen schwierig verschieden voll wichtig ganzer normal toll cool krass
"""
_NOUNS = """
art fall frage grund jahr jahre leute mal mensch menschen moeglichkeit monat problem probleme stunde tag tage
teil uhr weg weise welt woche wochen wochenende zeit dinge ahnung bock lust infos info information informationen
hilfe hilft helfen unterstuetzung help support допомога помощь adresse nummer telefonnummer oeffnungszeit oeffnungszeiten sprechzeit sprechzeiten anmeldung
"""

WEAK_STEMS = frozenset(stem(word) for group in (_VERBS, _ADVERBS, _ADJECTIVES, _NOUNS) for word in group.split())

# Rude words say how somebody feels, not what about: beside another word they count next to nothing.
_RUDE = """
arsch arschloch beschissen bescheuert behindi bitch bloed bloede drecks dreck dumm fick ficken fickt fresse fuck fucking
gefickt hurensohn idiot kack kacke kotz kotzen kotzt mist nerv opfer penner piss pisser scheiss scheisse scheissegal
schei shit sau spast verarscht verdammt verfickt verpisst verschissen wichser wixer abgefuckt
verdammte verfluchte damn crap
"""
_ANGRY = """
aerger aergert anbruellt anschreit bruellt genervt gemein hasse hass hasst kotz kotzen kotzt nerven nervt schreien schreit
stress stresst streit streiten ungerecht unfair zoff zicke zickt
"""

# These say that something went wrong, and are no trouble with anybody.
_FAILED = "verbockt vergeigt verhauen verkackt versaut versemmelt"

RUDE_STEMS = frozenset(stem(word) for word in f"{_RUDE} {_FAILED}".split())
# Each of them stands for the others in a phrase: „Stress mit Chef“, „mein Chef ist ein Arsch“, „Chef nervt“.
ANGRY_STEMS = frozenset(stem(word) for word in f"{_RUDE} {_ANGRY}".split())

# „ohne Abschluss“, „kein Abschluss“, „Abschluss nicht geschafft“, „null Bock“
NEGATIONS = frozenset({"kein", "nicht", "null", "ohn"})
