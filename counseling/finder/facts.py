"""Facts, bodies and concerns of the responsibility finder as typed data.

Keys are part of the public contract and never change their meaning. German
labels here are the short ones for staff and for the cases of the sweep; the
wording for readers is in ``wording.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

AGE_MIN = 0
AGE_MAX = 99


class FactKind(Enum):
    """How the value of a fact looks."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    AGE = "age"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: key, label for staff, values with the words of a case text."""

    name: str
    label: str
    kind: FactKind
    values: Mapping[str, str] = field(default_factory=dict)
    sensitive: bool = False


def _yes_no(name: str, label: str, yes: str, no: str, *, sensitive: bool = False) -> Fact:
    return Fact(name, label, FactKind.YES_NO, {"yes": yes, "no": no}, sensitive)


# The order is the order of the flow: what most rules turn on comes first,
# the place comes last because it only names the office.
_FACTS = (
    Fact("age", "Alter", FactKind.AGE),
    Fact(
        "residence",
        "Aufenthalt",
        FactKind.CHOICE,
        {
            "german_or_settled": "deutsch oder dauerhaft hier",
            "recognised": "anerkannt",
            "asylum_procedure": "im Asylverfahren",
            "tolerated": "geduldet",
            "unaccompanied": "ohne Eltern eingereist",
            "eu_jobseeking": "aus der EU zur Jobsuche",
        },
        sensitive=True,
    ),
    Fact(
        "status",
        "Was man gerade macht",
        FactKind.CHOICE,
        {
            "at_school": "in der Schule",
            "left_school": "Schule beendet",
            "in_training": "in Ausbildung",
            "training_broken_off": "Ausbildung abgebrochen",
            "unemployed": "ohne Arbeit",
            "working": "in Arbeit",
            "voluntary_service": "im Freiwilligendienst",
        },
    ),
    Fact(
        "certificate",
        "Schulabschluss",
        FactKind.CHOICE,
        {
            "none": "ohne Abschluss",
            "hsa": "Hauptschulabschluss",
            "rsa": "Realschulabschluss",
            "abitur": "Abitur",
        },
    ),
    _yes_no(
        "fulltime_school_done",
        "Vollzeitschulpflicht erfüllt",
        "Vollzeitschulpflicht erfüllt",
        "Vollzeitschulpflicht nicht erfüllt",
    ),
    _yes_no(
        "school_duty_done",
        "Schulpflicht erfüllt",
        "Schulpflicht erfüllt",
        "Schulpflicht nicht erfüllt",
    ),
    Fact(
        "benefit",
        "Geld vom Amt",
        FactKind.CHOICE,
        {
            "none": "kein Geld vom Amt",
            "sgb2": "Geld vom Jobcenter",
            "alg1": "Arbeitslosengeld",
            "alg1_and_sgb2": "Arbeitslosengeld und Geld vom Jobcenter",
            "asylblg": "Geld nach dem Asylbewerberleistungsgesetz",
        },
        sensitive=True,
    ),
    Fact(
        "disability",
        "Behinderung",
        FactKind.CHOICE,
        {
            "none": "keine Behinderung",
            "learning_or_physical": "Körper- oder Lernbehinderung",
            "mental": "seelische Behinderung",
        },
        sensitive=True,
    ),
    _yes_no(
        "pregnant_or_parent",
        "Schwanger oder selbst Eltern",
        "schwanger oder mit Kind",
        "nicht schwanger, kein Kind",
        sensitive=True,
    ),
    _yes_no(
        "living_with_parents",
        "Wohnt bei den Eltern",
        "wohnt bei den Eltern",
        "wohnt nicht bei den Eltern",
        sensitive=True,
    ),
    _yes_no("married", "Verheiratet", "verheiratet", "nicht verheiratet", sensitive=True),
    Fact("place", "Wohnort", FactKind.PLACE),
    Fact("parents_place", "Wohnort der Eltern", FactKind.PLACE, sensitive=True),
)

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _FACTS}
FLOW: tuple[str, ...] = tuple(FACTS)
HARMLESS_FACTS = frozenset(name for name, fact in FACTS.items() if not fact.sensitive)

# Asked only where it decides and a reader expects it ("Ich bin neu hier").
ASKED_ONLY_FOR: Mapping[str, frozenset[str]] = {"residence": frozenset({"migrant", "eu_citizen"})}

FALLBACK = "coordination"

BODIES: Mapping[str, str] = {
    "aa": "Agentur für Arbeit",
    "aa_reha": "Agentur für Arbeit, Reha-Beratung",
    "jobcenter": "Jobcenter",
    "jugendamt": "Jugendamt",
    "school": "Schule",
    "bbs": "Berufsbildende Schule",
    "landkreis_bafoeg": "Amt für Ausbildungsförderung",
    "familienkasse": "Familienkasse",
    "ombud": "Ombudsstelle",
    "schwangerschaftsberatung": "Schwangerschaftsberatung",
    "eingliederungshilfe": "Eingliederungshilfe",
    "employer": "Betrieb",
    "traeger": "Träger",
    FALLBACK: "Koordinierungsstelle",
}

# Reached the same way from everywhere: no place is needed to name the contact.
PLACELESS_BODIES = frozenset({"ombud", "employer", "traeger", FALLBACK})
REHAB_BODIES = frozenset({"aa_reha", "eingliederungshilfe"})


@dataclass(frozen=True, slots=True)
class Concern:
    """One concern: key, short German label, what it already says about the person.

    ``fixes`` names the values a fact can still have under this concern, so
    nobody is asked what the concern has said. ``urgent`` concerns lead to a
    human after two questions at most.
    """

    key: str
    label: str
    sensitive: bool = False
    urgent: bool = False
    fixes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _fix(name: str, *values: str) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(values)}


_CONCERNS = (
    Concern("at_school", "Orientierung in der Schulzeit", fixes=_fix("status", "at_school")),
    Concern("at_school_problem", "Probleme in der Schule", fixes=_fix("status", "at_school")),
    Concern("compulsory", "Schulpflicht"),
    Concern("truancy", "Geht nicht mehr zur Schule", sensitive=True, fixes=_fix("status", "at_school")),
    Concern(
        "left_without_certificate",
        "Schule ohne Abschluss verlassen",
        fixes=_fix("certificate", "none"),
    ),
    Concern("catch_up_certificate", "Abschluss nachholen"),
    Concern("no_next_step", "Schule vorbei, kein Plan"),
    Concern("seeking_training", "Sucht eine Ausbildung"),
    Concern("unemployed", "Ohne Arbeit"),
    Concern("hard_to_reach", "Kein Kontakt mehr zu Ämtern", sensitive=True),
    Concern("in_training_trouble", "Stress in der Ausbildung", fixes=_fix("status", "in_training")),
    Concern("dropped_training", "Ausbildung abgebrochen", fixes=_fix("status", "training_broken_off")),
    Concern(
        "household_sgb2",
        "Familie bekommt Grundsicherungsgeld",
        sensitive=True,
        fixes=_fix("benefit", "sgb2", "alg1_and_sgb2"),
    ),
    Concern("own_benefit", "Braucht eigenes Geld", sensitive=True),
    Concern("money_parents", "Kindergeld ab 18"),
    Concern("trouble_at_home", "Zu Hause geht es nicht mehr", sensitive=True, urgent=True),
    Concern("care_leaver", "Jugendhilfe endet", sensitive=True),
    Concern("needs_social_support", "Kommt allein nicht klar", sensitive=True),
    Concern("homeless", "Keine Wohnung", sensitive=True, fixes=_fix("living_with_parents", "no")),
    Concern("pregnant", "Schwanger oder junge Eltern", sensitive=True, fixes=_fix("pregnant_or_parent", "yes")),
    Concern("disability", "Behinderung und Beruf", sensitive=True),
    Concern("disability_mental", "Seelische Behinderung", sensitive=True, fixes=_fix("disability", "mental")),
    Concern(
        "disability_physical",
        "Körperliche oder geistige Behinderung",
        sensitive=True,
        fixes=_fix("disability", "learning_or_physical"),
    ),
    Concern("migrant", "Neu in Deutschland", sensitive=True),
    Concern("eu_citizen", "Aus der EU zur Jobsuche", sensitive=True),
    Concern("conflict_youth_welfare", "Ärger mit dem Jugendamt", sensitive=True),
    Concern("holiday_job", "Ferienjob"),
    Concern("voluntary", "Freiwilligendienst"),
    Concern("debt_addiction", "Schulden, Sucht, Krise", sensitive=True),
    Concern("just_talk", "Nur reden", sensitive=True, urgent=True),
)

CONCERNS: Mapping[str, Concern] = {concern.key: concern for concern in _CONCERNS}
REHAB_CONCERNS = frozenset({"disability", "disability_mental", "disability_physical"})

# Sentences every finding may carry; the first three are guaranteed by the core.
SENTENCES = ("wrong_door", "wrong_door_rehab", "confidential", "apply_alone")
VIEWS = ("mich", "kind", "beruf")
