"""The first page: at most eight plain doors, each with at most six choices.

Every concern can be reached; a choice leads to a concern and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from counseling.finder.facts import CONCERNS
from counseling.finder.wording import Wording, w

MAX_DOORS = 8
MAX_CHOICES = 6


@dataclass(frozen=True, slots=True)
class ConcernChoice:
    """One answer to "Worum geht es?" in the words of each reader."""

    concern: str
    label: Wording

    @property
    def sensitive(self) -> bool:
        """Whether this choice may only travel by POST."""
        return CONCERNS[self.concern].sensitive


@dataclass(frozen=True, slots=True)
class ConcernDoor:
    """One big answer on the first page; with a single choice it leads on at once."""

    key: str
    label: Wording
    hint: Wording
    choices: tuple[ConcernChoice, ...]

    @property
    def sensitive(self) -> bool:
        """Whether the door itself already says something private."""
        return all(choice.sensitive for choice in self.choices)


def _c(concern: str, mich: str, kind: str, beruf: str) -> ConcernChoice:
    return ConcernChoice(concern, Wording(mich, kind, beruf))


DOORS: tuple[ConcernDoor, ...] = (
    ConcernDoor(
        "schule",
        w("Schule"),
        w("Abschluss, Stress, Schulpflicht"),
        (
            _c(
                "at_school",
                "Ich will wissen, was ich werden kann",
                "Mein Kind sucht einen Beruf, der passt",
                "Sucht Orientierung in der Schulzeit",
            ),
            _c(
                "at_school_problem",
                "Ich habe Stress in der Schule",
                "Mein Kind hat Probleme in der Schule",
                "Hat Probleme in der Schule",
            ),
            _c(
                "truancy",
                "Ich gehe nicht mehr hin",
                "Mein Kind geht nicht mehr zur Schule",
                "Geht nicht mehr zur Schule",
            ),
            _c("compulsory", "Muss ich noch zur Schule?", "Muss mein Kind noch zur Schule?", "Frage zur Schulpflicht"),
            _c(
                "left_without_certificate",
                "Ich bin ohne Abschluss raus",
                "Mein Kind hat die Schule ohne Abschluss verlassen",
                "Hat die Schule ohne Abschluss verlassen",
            ),
            _c(
                "catch_up_certificate",
                "Ich will einen Abschluss nachholen",
                "Mein Kind will einen Abschluss nachholen",
                "Will einen Abschluss nachholen",
            ),
        ),
    ),
    ConcernDoor(
        "naechster-schritt",
        w("Ausbildung und Arbeit finden"),
        w("Ausbildung, Job, freiwilliges Jahr"),
        (
            _c(
                "seeking_training",
                "Ich suche eine Ausbildung",
                "Mein Kind sucht eine Ausbildung",
                "Sucht eine Ausbildung",
            ),
            _c(
                "no_next_step",
                "Die Schule ist vorbei, ich habe keinen Plan",
                "Die Schule ist vorbei, mein Kind hat keinen Plan",
                "Hat nach der Schule keinen Anschluss",
            ),
            _c("unemployed", "Ich habe keine Arbeit", "Mein Kind hat keine Arbeit", "Ist ohne Arbeit"),
            _c(
                "voluntary",
                "Ich will einen Freiwilligendienst machen",
                "Mein Kind will einen Freiwilligendienst machen",
                "Will einen Freiwilligendienst machen",
            ),
            _c("holiday_job", "Ich suche einen Ferienjob", "Mein Kind sucht einen Ferienjob", "Sucht einen Ferienjob"),
            _c(
                "hard_to_reach",
                "Ich habe mit keinem Amt mehr Kontakt",
                "Mein Kind hat mit keinem Amt mehr Kontakt",
                "Hat mit keinem Amt mehr Kontakt",
            ),
        ),
    ),
    ConcernDoor(
        "ausbildung",
        w("Meine Ausbildung", "Die Ausbildung meines Kindes", "Laufende Ausbildung"),
        w("Stress oder Abbruch"),
        (
            _c(
                "in_training_trouble",
                "Ich habe Stress in der Ausbildung",
                "Mein Kind hat Stress in der Ausbildung",
                "Hat Probleme in der Ausbildung",
            ),
            _c(
                "dropped_training",
                "Ich habe die Ausbildung abgebrochen",
                "Mein Kind hat die Ausbildung abgebrochen",
                "Hat die Ausbildung abgebrochen",
            ),
        ),
    ),
    ConcernDoor(
        "geld",
        w("Geld"),
        w("Wenn das Geld nicht reicht"),
        (
            _c(
                "household_sgb2",
                "Meine Familie bekommt Geld vom Jobcenter",
                "Wir bekommen Geld vom Jobcenter",
                "Die Familie bekommt Geld vom Jobcenter",
            ),
            _c(
                "own_benefit",
                "Ich brauche eigenes Geld zum Leben",
                "Mein Kind braucht eigenes Geld zum Leben",
                "Braucht eigenes Geld zum Leben",
            ),
            _c("money_parents", "Kindergeld ab 18", "Kindergeld ab 18", "Kindergeld ab 18"),
            _c(
                "debt_addiction",
                "Schulden, Sucht oder eine Krise",
                "Schulden, Sucht oder eine Krise",
                "Schulden, Sucht oder Krise",
            ),
        ),
    ),
    ConcernDoor(
        "zuhause",
        w("Zuhause und Wohnen"),
        w("Streit, Auszug, Jugendamt"),
        (
            _c(
                "trouble_at_home",
                "Zu Hause geht es nicht mehr",
                "Zu Hause geht es nicht mehr",
                "Zu Hause geht es nicht mehr",
            ),
            _c("homeless", "Ich habe keine Wohnung", "Mein Kind hat keine Wohnung", "Hat keine Wohnung"),
            _c(
                "care_leaver",
                "Meine Hilfe vom Jugendamt endet",
                "Die Hilfe vom Jugendamt endet",
                "Die Jugendhilfe endet",
            ),
            _c(
                "needs_social_support",
                "Ich komme allein nicht klar",
                "Mein Kind kommt allein nicht klar",
                "Kommt allein nicht klar",
            ),
            _c(
                "conflict_youth_welfare",
                "Ich habe Ärger mit dem Jugendamt",
                "Wir haben Ärger mit dem Jugendamt",
                "Hat Ärger mit dem Jugendamt",
            ),
        ),
    ),
    ConcernDoor(
        "gesundheit",
        w("Gesundheit und Familie"),
        w("Behinderung, Seele, schwanger sein"),
        (
            _c(
                "disability",
                "Ich habe eine Behinderung und suche Ausbildung oder Arbeit",
                "Mein Kind hat eine Behinderung und sucht Ausbildung oder Arbeit",
                "Behinderung und Beruf",
            ),
            _c(
                "disability_mental",
                "Mir geht es seelisch schon lange schlecht",
                "Meinem Kind geht es seelisch schon lange schlecht",
                "Seelische Behinderung",
            ),
            _c(
                "disability_physical",
                "Ich brauche Hilfe im Alltag wegen einer Behinderung",
                "Mein Kind braucht Hilfe im Alltag wegen einer Behinderung",
                "Körperliche oder geistige Behinderung",
            ),
            _c(
                "pregnant",
                "Ich bin schwanger oder habe ein Kind",
                "Mein Kind ist schwanger oder hat ein Kind",
                "Schwanger oder mit Kind",
            ),
        ),
    ),
    ConcernDoor(
        "neu-hier",
        w("Ich bin neu hier", "Wir sind neu hier", "Neu in Deutschland"),
        w("Aus einem anderen Land"),
        (
            _c(
                "migrant",
                "Ich bin geflüchtet oder zugezogen",
                "Mein Kind ist geflüchtet oder zugezogen",
                "Geflüchtet oder zugezogen",
            ),
            _c(
                "eu_citizen",
                "Ich komme aus der EU und suche Arbeit",
                "Mein Kind kommt aus der EU und sucht Arbeit",
                "Aus der EU zur Jobsuche",
            ),
        ),
    ),
    ConcernDoor(
        "nur-reden",
        w("Ich will nur reden", "Ich brauche Rat", "Will nur reden"),
        w("Mit einem Menschen, der zuhört"),
        (_c("just_talk", "Ich will nur reden", "Ich brauche Rat für mein Kind", "Will nur reden"),),
    ),
)


def concern_label(concern: str, view: str) -> str:
    """Return the words of a concern for a reader (``mich``, ``kind``, ``beruf``)."""
    for door in DOORS:
        for choice in door.choices:
            if choice.concern == concern:
                return choice.label.for_view(view)
    return CONCERNS[concern].label


def door_of(concern: str) -> ConcernDoor | None:
    """Return the door of the first page behind which a concern stands."""
    return next((door for door in DOORS if any(choice.concern == concern for choice in door.choices)), None)
