"""Sentences to choose from, for whoever does not like to write. Each is a finished sentence of a message."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from counseling.models.enquiry import Topic

SENTENCES: Mapping[str, Mapping[str, object]] = {
    Topic.SCHOOL: {
        "s1": _("Ich habe keinen Abschluss."),
        "s2": _("Ich habe Angst, dass ich die Schule nicht schaffe."),
        "s3": _("Ich gehe gerade nicht zur Schule."),
        "s4": _("Ich will meinen Abschluss nachholen."),
        "s5": _("Ich habe Stress mit einer Lehrerin oder einem Lehrer."),
        "s6": _("In meiner Klasse werde ich fertiggemacht."),
    },
    Topic.TRAINING: {
        "a1": _("Ich suche einen Ausbildungsplatz."),
        "a2": _("Ich habe nur Absagen bekommen."),
        "a3": _("Ich brauche Hilfe bei der Bewerbung."),
        "a4": _("In meiner Ausbildung läuft es nicht gut."),
        "a5": _("Ich will meine Ausbildung abbrechen."),
        "a6": _("Ich schaffe die Berufsschule nicht."),
        "a7": _("Ich suche ein Praktikum."),
    },
    Topic.FUTURE: {
        "z1": _("Ich weiß nicht, was ich werden will."),
        "z2": _("Ich weiß nicht, wie es nach der Schule weitergeht."),
        "z3": _("Ich will herausfinden, was zu mir passt."),
        "z4": _("Ich möchte ein freiwilliges Jahr machen."),
        "z5": _("Meine Eltern wollen etwas anderes als ich."),
    },
    Topic.WORK: {
        "j1": _("Ich habe keine Arbeit."),
        "j2": _("Ich suche einen Job."),
        "j3": _("Ich habe meinen Job verloren."),
        "j4": _("Mein Chef zahlt nicht richtig."),
    },
    Topic.MONEY: {
        "g1": _("Mein Geld reicht nicht."),
        "g2": _("Ich habe Schulden."),
        "g3": _("Ich verstehe einen Brief vom Amt nicht."),
        "g4": _("Ich weiß nicht, welche Hilfe mir zusteht."),
        "g5": _("Das Jobcenter hat mir Geld gekürzt."),
    },
    Topic.HOME: {
        "f1": _("Ich habe Stress zu Hause."),
        "f2": _("Ich will zu Hause ausziehen."),
        "f3": _("Zu Hause hat jemand Angst vor jemandem."),
        "f4": _("Ich kümmere mich um jemanden, der krank ist."),
        "f5": _("Ich bekomme ein Kind."),
        "f6": _("Meine Eltern sollen davon nichts wissen."),
    },
    Topic.HOUSING: {
        "w1": _("Ich weiß nicht, wo ich schlafen soll."),
        "w2": _("Ich suche eine Wohnung."),
        "w3": _("Ich wohne in einer Wohngruppe und muss bald raus."),
    },
    Topic.HEALTH: {
        "k1": _("Mir geht es nicht gut."),
        "k2": _("Ich habe eine Krankheit oder eine Behinderung."),
        "k3": _("Ich trinke oder nehme etwas und komme davon nicht los."),
        "k4": _("Ich komme morgens nicht aus dem Bett."),
    },
    Topic.NEW_HERE: {
        "n1": _("Ich bin neu in Deutschland."),
        "n2": _("Ich möchte besser Deutsch lernen."),
        "n3": _("Ich weiß nicht, ob ich arbeiten darf."),
        "n4": _("Mein Zeugnis ist aus einem anderen Land."),
    },
    Topic.TALK: {
        "r1": _("Ich will nur reden."),
        "r2": _("Ich weiß nicht, wo ich anfangen soll."),
        "r3": _("Ich will lieber telefonieren."),
        "r4": _("Ich möchte zu euch kommen und brauche einen Termin."),
        "r5": _("Kann jemand mit mir zum Amt gehen?"),
    },
}
TOPIC_OF = {key: topic for topic, cards in SENTENCES.items() for key in cards}


def choices() -> list[tuple[str, object]]:
    """Return every card as a choice."""
    return [pair for cards in SENTENCES.values() for pair in cards.items()]


def groups(first: str = "") -> list[tuple[str, list[tuple[str, object]], bool]]:
    """Return (name, cards, is it the chosen topic); the chosen topic comes first."""
    order = sorted(SENTENCES, key=lambda topic: topic != first)
    return [(str(Topic(topic).label), list(SENTENCES[topic].items()), topic == first) for topic in order]


def composed(text: str, cards: Iterable[str]) -> str:
    """Return the message with the chosen sentences in front, each once, in the order of the cards."""
    wanted = set(cards)
    sentences = [str(sentence) for key, sentence in choices() if key in wanted]
    new = [sentence for sentence in sentences if sentence not in text]
    return "\n".join([*new, *([text] if text else [])])


def topic_of(cards: Iterable[str], fallback: str) -> str:
    """Return what the message is about: the topic of the first chosen card that is not just „reden“."""
    chosen = set(cards)
    topics = [topic for key, topic in TOPIC_OF.items() if key in chosen]
    return next((topic for topic in topics if topic != Topic.TALK), topics[0] if topics else fallback)
