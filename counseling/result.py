"""From a finding to a page: the door first, then what to do, who else, who not, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from counseling import finder
from counseling.finder import Finding
from counseling.finder.facts import FLOW
from counseling.finder.wording import QUESTIONS, Wording, w
from counseling.fitting import OfferLine, fitting_offers
from counseling.flow import AUDIENCE, CONCERN, OUTSIDE, Answers, address
from counseling.forms import place_of
from counseling.offices import BODY_NAMES, Desk, Office, open_desk
from counseling.qr import QrDrawing, qr_drawing
from counseling.reasons import ReasonLine, act_alone_text, protective_texts, reason_lines
from directory.opening import BERLIN
from directory.places import Place, gazetteer

DEFAULT_STEPS: tuple[Wording, ...] = (
    w("Ruf an oder geh hin.", "Rufen Sie an oder gehen Sie hin.", "Nehmen Sie gemeinsam Kontakt auf."),
    w("Sag kurz, worum es geht.", "Sagen Sie kurz, worum es geht.", "Sagen Sie kurz, worum es geht."),
    w("Frag, was du mitbringen sollst.", "Fragen Sie, was Sie mitbringen sollen.", "Klären Sie, was mitzubringen ist."),
)
YOUNG = w(
    "Du bist noch keine 12? Hol dir einen Erwachsenen dazu, dem du vertraust. In der Schule hört dir die Schulsozialarbeit zu. Am Telefon hilft dir die Nummer gegen Kummer: 116 111.",
    "Ihr Kind ist noch keine 12? Gehen Sie am besten mit. Auch die Schule hilft Ihnen weiter.",
    "Kinder unter 12 gehen am besten mit einem Erwachsenen hin. Die Schule kennt die Wege.",
)
OLDER = w(
    "Du bist 27 oder älter? Die meisten Hilfen hier sind für Jüngere. Es gibt aber auch Hilfe für dich. Ruf an und frag nach.",
    "Ihr Kind ist 27 oder älter? Viele Hilfen hier sind für Jüngere. Es gibt aber andere. Fragen Sie nach.",
    "Ab 27 gelten viele Hilfen der Jugendämter nicht mehr. Die Stelle nennt Ihnen die Wege für Erwachsene.",
)
MOVING = w(
    "Ziehst du gerade um? Geh zu dem Büro, wo du jetzt wohnst. Frag dort, wer nach dem Umzug für dich da ist. Wohnst du allein und bekommst Geld vom Jobcenter? Dann frag, bevor du den Mietvertrag unterschreibst.",
    "Zieht Ihr Kind gerade um? Es zählt der Ort, an dem es jetzt wohnt. Fragen Sie dort, wer nach dem Umzug zuständig ist. Fragen Sie das Jobcenter, bevor Ihr Kind einen Mietvertrag unterschreibt.",
    "Bei einem Umzug zählt der Ort, an dem die Person jetzt wohnt. Unter 25 braucht es vor dem Mietvertrag die Zusage vom Jobcenter.",
)
OUTSIDE_TEXT = w(
    "Der Ort liegt nicht in unserem Landkreis. Such diese Stelle dort, wo du wohnst. Im Rathaus sagen sie dir, wo sie ist.",
    "Der Ort liegt nicht in unserem Landkreis. Suchen Sie diese Stelle am Wohnort. Das Rathaus dort hilft weiter.",
)
HUMAN = w(
    "Für deine Lage haben wir keine feste Regel. Das macht nichts. Hier hört dir ein Mensch zu. Ihr findet zusammen die richtige Tür.",
    "Für diese Lage haben wir keine feste Regel. Hier hört Ihnen ein Mensch zu. Er findet mit Ihnen die richtige Tür.",
    "Für diese Lage haben wir keine feste Regel. Die Koordinierungsstelle klärt mit Ihnen, wer zuständig ist.",
)
UNCLEAR = w(
    "Du weißt nicht genau, worum es geht? Das macht nichts. Erzähl einfach, was los ist. Hier hört dir ein Mensch zu.",
    "Sie wissen nicht genau, worum es geht? Das macht nichts. Erzählen Sie einfach, was los ist.",
    "Das Thema ist noch unklar? Die Koordinierungsstelle sortiert mit Ihnen.",
)
SWITCHED_OFF = w(
    "Die Regel für deine Lage wird gerade geprüft. Frag darum erst einen Menschen.",
    "Die Regel für diese Lage wird gerade geprüft. Fragen Sie darum erst hier nach.",
)


@dataclass(frozen=True)
class AlsoLine:
    """Who else is there, for what, and where."""

    name: str
    text: str
    office: Office


@dataclass(frozen=True)
class NotLine:
    """Who is not responsible, and why."""

    name: str
    because: str


@dataclass(frozen=True)
class DeadlineLine:
    """A date to keep; ``date`` is its next occurrence, if it has one."""

    text: str
    date: date | None


@dataclass(frozen=True)
class Result:
    """Everything a result page shows, ready to print."""

    finding: Finding
    name: str
    title: str
    office: Office
    what_for: str
    why: str
    hints: tuple[str, ...]
    steps: tuple[str, ...]
    bring: tuple[str, ...]
    deadlines: tuple[DeadlineLine, ...]
    also: tuple[AlsoLine, ...]
    not_: tuple[NotLine, ...]
    offers: tuple[OfferLine, ...]
    good_to_know: tuple[str, ...]
    moving: str
    reasons: tuple[ReasonLine, ...]
    alternatives: tuple[str, ...]
    settles: str
    settles_label: str
    place_question: str
    share_url: str
    qr: QrDrawing | None

    @property
    def has_dates(self) -> bool:
        """Whether anything belongs into a calendar."""
        return any(line.date for line in self.deadlines)

    @property
    def is_under_review(self) -> bool:
        """Whether a rule that decided the door is still being checked."""
        return any(reason.rule.under_review for reason in self.finding.reasons)


@dataclass(frozen=True)
class Case:
    """What a result is made from: the finding, the answers, and the desk of the day."""

    finding: Finding
    answers: Answers
    rules: finder.RuleSet
    desk: Desk
    version: str

    def place_for(self, body: str) -> tuple[Place | None, bool]:
        """Return the place that names the office of a body, and whether it lies outside."""
        fact, _open = self.rules.on(self.finding.on).place_fact(body, self.answers.situation)
        if fact is None:
            return None, False
        key = getattr(self.answers.situation, fact)
        if key is not None and key not in gazetteer(self.version).by_ags:
            return None, key == OUTSIDE or not key.startswith(settings.REGION.get("county_code", ""))
        return place_of(self.answers, fact, version=self.version), False

    def office(self, body: str) -> Office:
        """Return the door of a body for these answers."""
        place, is_outside = self.place_for(body)
        return self.desk.office(body, place, is_outside=is_outside)


def open_case(finding: Finding, answers: Answers, rules: finder.RuleSet, *, at: datetime, version: str) -> Case:
    """Put together what a result needs."""
    return Case(finding, answers, rules, open_desk(at, version=version), version)


def prepare(case: Case) -> Result:
    """Return the page of a finding. At most six queries besides those for new content."""
    finding, answers = case.finding, case.answers
    office = case.office(finding.body)
    lead, view = finding.lead, finding.view
    name = BODY_NAMES[finding.body].for_view(view)
    home = place_of(answers, "place", version=case.version)
    today = case.desk.at.astimezone(BERLIN).date()
    settles = settling_question(finding)
    share_url = "" if answers.is_sensitive else settings.BASE_URL + address(answers)
    qr_url = share_url or (settings.BASE_URL + office.card.url if office.card else "")
    return Result(
        finding=finding,
        name=name,
        title=office.card.name if office.card else name,
        office=office,
        what_for=lead.what_for.for_view(view) if lead else "",
        why=lead.why.for_view(view) if lead else "",
        hints=_hints(case, office),
        steps=(lead.steps.for_view(view) if lead else ()) or tuple(step.for_view(view) for step in DEFAULT_STEPS),
        bring=lead.bring.for_view(view) if lead else (),
        deadlines=_deadlines(finding),
        also=_also(case),
        not_=tuple(NotLine(BODY_NAMES[row.body].for_view(view), row.because.for_view(view)) for row in finding.not_),
        offers=fitting_offers(finding, answers, home, version=case.version, on=today),
        good_to_know=_good_to_know(finding),
        moving=MOVING.for_view(view) if finding.place_fact else "",
        reasons=reason_lines(finding, answers, gazetteer(case.version)),
        alternatives=tuple(BODY_NAMES[body].for_view(view) for body in finding.alternatives),
        settles=settles,
        settles_label=_question(settles, view),
        place_question=(finding.place_question or "") if finding.next_question is None else "",
        share_url=share_url,
        qr=qr_drawing(qr_url) if qr_url else None,
    )


def settling_question(finding: Finding) -> str:
    """Return the one question that would make a probable door certain, else nothing."""
    if not finding.probable:
        return ""
    if finding.next_question:
        return finding.next_question
    return next((name for name in (CONCERN, *FLOW) if name in finding.would_change), "")


def _question(fact: str, view: str) -> str:
    if fact == CONCERN:
        return _("Worum geht es?")
    return QUESTIONS[fact].label.for_view(view) if fact else ""


def _hints(case: Case, office: Office) -> tuple[str, ...]:
    """Say what is special about this case before anything else."""
    finding, age = case.finding, case.answers.situation.age
    texts: list[str] = []
    if finding.situation.concern is None:
        texts.append(UNCLEAR.for_view(finding.view))
    elif finding.switched_off:
        texts.append(SWITCHED_OFF.for_view(finding.view))
    elif finding.is_fallback:
        texts.append(HUMAN.for_view(finding.view))
    notes = [rule.what_for.for_view(finding.view) for rule in finding.place_notes]
    texts += notes or ([OUTSIDE_TEXT.for_view(finding.view)] if office.is_outside else [])
    if age is not None and age.hi < AUDIENCE.lo:
        texts.append(YOUNG.for_view(finding.view))
    elif age is not None and age.lo > AUDIENCE.hi:
        texts.append(OLDER.for_view(finding.view))
    return tuple(texts)


def _deadlines(finding: Finding) -> tuple[DeadlineLine, ...]:
    lines = [DeadlineLine(row.deadline.text.for_view(finding.view), row.date) for row in finding.deadlines]
    return tuple(sorted(lines, key=lambda line: (line.date is None, line.date or date.max)))


def _also(case: Case) -> tuple[AlsoLine, ...]:
    view = case.finding.view
    return tuple(
        AlsoLine(helper.name or BODY_NAMES[helper.body].for_view(view), helper.text.for_view(view), case.office(helper.body))
        for helper in case.finding.also
    )  # fmt: skip


def _good_to_know(finding: Finding) -> tuple[str, ...]:
    alone = act_alone_text(finding)
    return (*protective_texts(finding), *([alone] if alone else []))
