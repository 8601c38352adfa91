"""The questions in the words of each reader.

``mich`` is du, ``kind`` is Sie about the child, ``beruf`` is Sie about the
person a professional speaks for. Every question says why it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counseling.finder.facts import FACTS, FactKind


@dataclass(frozen=True, slots=True)
class Wording:
    """One text for the three readers."""

    mich: str
    kind: str
    beruf: str

    def for_view(self, view: str) -> str:
        """Return the text for a reader; unknown readers get ``mich``."""
        if view == "kind":
            return self.kind
        return self.beruf if view == "beruf" else self.mich


def w(mich: str, kind: str | None = None, beruf: str | None = None) -> Wording:
    """Build a text; what is not given is the same as for the reader before."""
    for_kind = mich if kind is None else kind
    return Wording(mich, for_kind, for_kind if beruf is None else beruf)


NO_WORDING = w("")
UNKNOWN = w("Weiß ich nicht", "Weiß ich nicht", "Nicht bekannt")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the value of the fact and the words on the button."""

    value: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the flow: question, why it is asked, answers, "weiß ich nicht"."""

    fact: str
    label: Wording
    why: Wording
    choices: tuple[Choice, ...] = ()
    hint: Wording = NO_WORDING
    unknown: Wording = UNKNOWN

    @property
    def kind(self) -> FactKind:
        """How the answer is given: a choice, yes or no, an age or a place."""
        return FACTS[self.fact].kind

    @property
    def sensitive(self) -> bool:
        """Whether the answer may only travel by POST."""
        return FACTS[self.fact].sensitive


_YES_NO = (Choice("yes", w("Ja")), Choice("no", w("Nein")))
SAME_PLACE = "same"  # answer of "parents_place": the parents live where I live

_QUESTIONS = (
    Question(
        "age",
        w("Wie alt bist du?", "Wie alt ist Ihr Kind?", "Wie alt ist die Person?"),
        w(
            "Viele Hilfen gelten nur für ein bestimmtes Alter. Mit 18 ist oft eine andere Stelle für dich da.",
            "Viele Hilfen gelten nur für ein bestimmtes Alter. Mit 18 ist oft eine andere Stelle da.",
        ),
    ),
    Question(
        "residence",
        w("Wie ist dein Aufenthalt?", "Wie ist der Aufenthalt Ihres Kindes?", "Wie ist der Aufenthalt der Person?"),
        w(
            "Davon hängt ab, welches Amt dir Geld gibt und welche Hilfe du bekommst. Wir speichern das nicht.",
            "Davon hängt ab, welches Amt zahlt und welche Hilfe es gibt. Wir speichern das nicht.",
        ),
        (
            Choice("asylum_procedure", w("Das Asylverfahren läuft noch")),
            Choice("tolerated", w("Ich habe eine Duldung", "Mein Kind hat eine Duldung", "Duldung")),
            Choice(
                "recognised",
                w(
                    "Ich bin anerkannt oder habe eine Aufenthaltserlaubnis",
                    "Mein Kind ist anerkannt oder hat eine Aufenthaltserlaubnis",
                    "Anerkannt oder mit Aufenthaltserlaubnis",
                ),
            ),
            Choice(
                "unaccompanied",
                w(
                    "Ich bin unter 18 und ohne Eltern hier",
                    "Das Kind ist unter 18 und ohne Eltern hier",
                    "Unbegleitet unter 18",
                ),
            ),
            Choice(
                "eu_jobseeking",
                w(
                    "Ich komme aus der EU und suche Arbeit",
                    "Mein Kind kommt aus der EU und sucht Arbeit",
                    "Aus der EU, nur zur Arbeitssuche",
                ),
            ),
            Choice(
                "german_or_settled",
                w(
                    "Ich bin Deutsche, Deutscher oder schon lange hier",
                    "Mein Kind ist deutsch oder schon lange hier",
                    "Deutsch oder dauerhaft hier",
                ),
            ),
        ),
    ),
    Question(
        "status",
        w("Was machst du gerade?", "Was macht Ihr Kind gerade?", "Was macht die Person gerade?"),
        w(
            "Wer noch zur Schule geht, geht zu anderen Stellen als jemand in der Ausbildung oder ohne Arbeit.",
        ),
        (
            Choice("at_school", w("Ich gehe zur Schule", "Mein Kind geht zur Schule", "Geht zur Schule")),
            Choice(
                "left_school",
                w("Ich bin mit der Schule fertig", "Mein Kind ist mit der Schule fertig", "Hat die Schule beendet"),
            ),
            Choice(
                "in_training",
                w("Ich mache eine Ausbildung", "Mein Kind macht eine Ausbildung", "Macht eine Ausbildung"),
            ),
            Choice(
                "training_broken_off",
                w(
                    "Ich habe die Ausbildung abgebrochen",
                    "Mein Kind hat die Ausbildung abgebrochen",
                    "Hat die Ausbildung abgebrochen",
                ),
            ),
            Choice("unemployed", w("Ich habe keine Arbeit", "Mein Kind hat keine Arbeit", "Ist ohne Arbeit")),
            Choice("working", w("Ich arbeite", "Mein Kind arbeitet", "Arbeitet")),
            Choice(
                "voluntary_service",
                w(
                    "Ich mache einen Freiwilligendienst",
                    "Mein Kind macht einen Freiwilligendienst",
                    "Macht einen Freiwilligendienst",
                ),
            ),
        ),
    ),
    Question(
        "certificate",
        w("Welchen Abschluss hast du?", "Welchen Abschluss hat Ihr Kind?", "Welchen Abschluss hat die Person?"),
        w("Ohne Abschluss gibt es andere Wege als mit einem."),
        (
            Choice("none", w("Noch keinen", "Noch keinen", "Keinen")),
            Choice("hsa", w("Hauptschulabschluss")),
            Choice("rsa", w("Realschulabschluss")),
            Choice("abitur", w("Abitur oder Fachabitur")),
        ),
    ),
    Question(
        "fulltime_school_done",
        w(
            "Bist du schon 9 Jahre zur Schule gegangen?",
            "Ist Ihr Kind schon 9 Jahre zur Schule gegangen?",
            "Ist die Vollzeitschulpflicht erfüllt?",
        ),
        w("Manche Angebote gibt es erst nach 9 Jahren Schule."),
        _YES_NO,
        w("Zähl alle Jahre ab der ersten Klasse.", "Zählen Sie alle Jahre ab der ersten Klasse."),
    ),
    Question(
        "school_duty_done",
        w(
            "Ist deine Schulpflicht vorbei?",
            "Ist die Schulpflicht Ihres Kindes vorbei?",
            "Ist die Schulpflicht erfüllt?",
        ),
        w(
            "Solange du zur Schule musst, hilft dir die Berufsschule. Danach hilft dir die Berufsberatung.",
            "Solange Ihr Kind zur Schule muss, hilft die Berufsschule. Danach hilft die Berufsberatung.",
            "In der Schulpflicht hilft die Berufsschule. Danach hilft die Berufsberatung.",
        ),
        _YES_NO,
        w(
            "Sie endet nach 12 Jahren. Oder nach einem Jahr Berufsschule mit vollem Unterricht.",
        ),
    ),
    Question(
        "benefit",
        w(
            "Kommt bei euch Geld vom Amt?",
            "Bekommt Ihre Familie Geld vom Amt?",
            "Bekommt die Person oder ihre Familie Geld vom Amt?",
        ),
        w(
            "Wer Geld vom Jobcenter bekommt, hat dort oft auch Hilfe bei der Suche. Wir speichern das nicht.",
        ),
        (
            Choice("none", w("Nein", "Nein", "Nein")),
            Choice("sgb2", w("Ja, vom Jobcenter")),
            Choice(
                "alg1",
                w(
                    "Ich bekomme Arbeitslosengeld",
                    "Mein Kind bekommt Arbeitslosengeld",
                    "Arbeitslosengeld von der Agentur für Arbeit",
                ),
            ),
            Choice("alg1_and_sgb2", w("Arbeitslosengeld und dazu Geld vom Jobcenter")),
            Choice("asylblg", w("Ja, vom Amt für Migration")),
        ),
        w(
            "Geld vom Jobcenter heißt Grundsicherungsgeld. Früher hieß es Bürgergeld.",
        ),
    ),
    Question(
        "disability",
        w(
            "Brauchst du Hilfe wegen einer Behinderung oder Krankheit?",
            "Braucht Ihr Kind Hilfe wegen einer Behinderung oder Krankheit?",
            "Braucht die Person Hilfe wegen einer Behinderung oder Krankheit?",
        ),
        w("Dafür gibt es eigene Stellen mit mehr Zeit und mehr Hilfen. Wir speichern das nicht."),
        (
            Choice("none", w("Nein")),
            Choice("learning_or_physical", w("Ja, beim Lernen oder mit dem Körper")),
            Choice("mental", w("Ja, mit der Seele")),
        ),
    ),
    Question(
        "pregnant_or_parent",
        w(
            "Bist du schwanger oder hast du ein Kind?",
            "Ist Ihr Kind schwanger oder hat es selbst ein Kind?",
            "Ist die Person schwanger oder hat sie ein Kind?",
        ),
        w(
            "Mit einem Kind gibt es mehr Hilfe und mehr Geld. Wir speichern das nicht.",
        ),
        _YES_NO,
    ),
    Question(
        "living_with_parents",
        w("Wohnst du bei deinen Eltern?", "Wohnt Ihr Kind bei Ihnen?", "Wohnt die Person bei den Eltern?"),
        w(
            "Wer bei den Eltern wohnt, zählt beim Geld oft zur Familie. Wir speichern das nicht.",
        ),
        _YES_NO,
        w("Ein Elternteil reicht."),
    ),
    Question(
        "married",
        w("Bist du verheiratet?", "Ist Ihr Kind verheiratet?", "Ist die Person verheiratet?"),
        w("Wer verheiratet ist, zählt beim Geld nicht mehr zu den Eltern. Wir speichern das nicht."),
        _YES_NO,
    ),
    Question(
        "place",
        w("Wo wohnst du?", "Wo wohnt Ihr Kind?", "Wo wohnt die Person?"),
        w("Dein Wohnort sagt uns, welches Büro für dich da ist.", "Der Wohnort sagt uns, welches Büro da ist."),
    ),
    Question(
        "parents_place",
        w("Wo wohnen deine Eltern?", "Wo wohnen Sie?", "Wo wohnen die Eltern?"),
        w(
            "Unter 18 hilft das Jugendamt dort, wo deine Eltern wohnen. Wir sagen ihnen nichts.",
            "Unter 18 hilft das Jugendamt dort, wo die Eltern wohnen.",
        ),
        (Choice(SAME_PLACE, w("Am gleichen Ort wie ich", "Am gleichen Ort wie mein Kind", "Am gleichen Ort")),),
    ),
)

QUESTIONS: Mapping[str, Question] = {question.fact: question for question in _QUESTIONS}
