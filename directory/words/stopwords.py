"""Words that carry no subject: they help a sentence stand, not a search.

A list of our own, in folded spelling. „ohne“, „nicht“ and „kein“ are not in it, nor anything else that
turns the meaning round. „sucht“ is not in it either: it is also the noun for addiction.
"""

_ARTICLES = "der die das den dem des dat ein eine einen einem einer eines nen ne"
_PRONOUNS = """
ich du er sie es wir ihr mich dich sich uns euch mir dir ihm ihn ihnen man
mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines
sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres
unser unsere unseren unserem unserer euer eure euren eurem eurer
wer wen wem wessen was welche welcher welches welchen welchem
dies diese dieser dieses diesen diesem jede jeder jedes jeden jedem jemand irgendwer irgendwas irgendwie irgendwo irgendein
etwas alles solche solcher solches
"""
_PREPOSITIONS = """
ab als am an ans auf aus bei beim bis durch fuer gegen im in ins mit nach seit trotz um unter ueber vom von vor
waehrend wegen zu zum zur zwischen per pro laut
"""
_CONJUNCTIONS = (
    "und oder aber denn dass weil wenn ob obwohl damit sondern sowie bzw beziehungsweise also dann doch falls"
)
_VERBS = """
bin bist ist sind seid war waren warst gewesen waere sei
habe hab hast hat haben habt hatte hatten haette haetten gehabt
werde wirst wird werden werdet wurde wurden wuerde wuerden geworden worden
kann kannst koennen koennt koennte koennten konnte konnten
muss musst muessen muesst musste mussten muesste
soll sollst sollen sollt sollte sollten darf darfst duerfen duerfte
will willst wollen wollt wollte wollten moechte moechtest moechten moecht mocht mag magst moegen
mache mach machst macht machen gemacht tun tue tut tu
gibt gibts geben gehe geh gehst geht gehts gehen komme kommst kommt kommen
bekomme bekommst bekommt bekommen kriege kriegst kriegt kriegen
brauche brauch brauchst braucht brauchen suche suchst suchen finde find findet finden
weiss weisst wissen lassen lasse lass
"""
_ADVERBS = """
wie wo wann warum wieso weshalb woher wohin womit wofuer worum da dabei dafuer dazu davon daran darauf darum dort hier
jetzt nun noch nur schon erst mal einmal so sehr auch gar ganz halt eben etwa ja bitte danke gern gerne mehr immer wieder
sonst sowas vielleicht eigentlich einfach irgend ueberhaupt usw etc ggf evtl ca inkl zb ua dh idr iv ivm uae oae zt sog
"""
_FILLERS = """
hallo hi hey moin ey alter alta digga digger diggi diga bro bruder brudi bruh lol omg plz pls bidde hm hmm aeh oeh boah
ding sache sachen zeug
"""
_LETTERS = "d n s u o"
_ENGLISH = "the a an i my me to for of on is are how what where need want find get can do with and or please"
# Ukrainian and Russian; й and ї lose their marks in folding.
_CYRILLIC = "я і и в у на для як де що мені мене хочу мне меня как где что мои міи с з та або или по до"
_LEGAL_FORMS = "ev gmbh ggmbh gug"


def _all(*groups: str) -> frozenset[str]:
    return frozenset(word for group in groups for word in group.split())


STOP_WORDS: frozenset[str] = _all(
    _ARTICLES,
    _PRONOUNS,
    _PREPOSITIONS,
    _CONJUNCTIONS,
    _VERBS,
    _ADVERBS,
    _FILLERS,
    _LETTERS,
    _ENGLISH,
    _CYRILLIC,
    _LEGAL_FORMS,
)
