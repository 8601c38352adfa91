"""Reading one step of the finder: from an address, or from a posted form with sealed answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from counseling.finder.facts import FACTS
from counseling.flow import CONCERN, PLACE_FACTS, Answers, apply_answer, is_sensitive, unseal
from counseling.forms import (
    AGE_MESSAGE,
    DOORS_BY_KEY,
    VALUE_MESSAGE,
    StepForm,
    Typed,
    known_place,
    read_address,
    read_place,
)

NO_ANSWERS = Answers()


@dataclass(frozen=True)
class Step:
    """What the visitor has said and wants next.

    ``again`` is a question to ask (again), ``door`` a door of the first page,
    ``wrong`` what could not be used, by question. ``is_clean`` is false when the
    address held something that may not stand there. ``is_lost`` means that the
    sealed answers were broken or too old.
    """

    answers: Answers = NO_ANSWERS
    again: str = ""
    door: str = ""
    wants_result: bool = False
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: Typed | None = None
    is_clean: bool = True
    is_lost: bool = False

    @property
    def is_sensitive(self) -> bool:
        """Whether the page this leads to must not be kept anywhere."""
        door = DOORS_BY_KEY.get(self.door)
        return self.answers.is_sensitive or is_sensitive(self.again) or (door is not None and door.sensitive)

    @property
    def extra(self) -> dict[str, str]:
        """What belongs into the address besides the answers."""
        wanted = {"frage": self.again, "tuer": self.door, "ergebnis": "1" if self.wants_result else ""}
        return {name: value for name, value in wanted.items() if value}


def from_address(request: HttpRequest, *, version: str) -> Step:
    """Read the harmless parameters; sensitive ones are dropped and make the step unclean."""
    form = StepForm(request.GET)
    asked = read_address(form, request.GET.getlist("skip"), request.GET, version=version)
    door = DOORS_BY_KEY.get(form.door)
    is_open = door is not None and not door.sensitive
    return Step(
        answers=asked.answers,
        again=asked.again,
        door=form.door if is_open else "",
        wants_result=form.value("ergebnis") == "1",
        wrong=asked.wrong,
        typed=asked.typed,
        is_clean=asked.is_clean and (door is None or is_open),
    )


def from_form(request: HttpRequest, *, version: str) -> Step:
    """Read sealed answers and the one thing that was pressed or typed."""
    form = StepForm(request.POST)
    form.is_valid()
    sealed = unseal(form.value("stand")) if request.POST.get("stand") else (NO_ANSWERS, "")
    if sealed is None:
        return Step(is_lost=True)
    answers, asked = sealed
    answers = replace(answers, view=form.view or answers.view)
    step = Step(answers=answers, door=form.door, wants_result=form.value("ergebnis") == "1")
    if form.value(CONCERN):
        after = apply_answer(answers, CONCERN, form.value(CONCERN))
        return replace(step, answers=after) if after else replace(step, wrong={CONCERN: str(VALUE_MESSAGE)})
    if form.value("frage") in {CONCERN, *FACTS}:
        return replace(step, again=form.value("frage"))
    if step.door or step.wants_result or form.view:
        return step
    if form.value("weiss_nicht") and asked:
        return replace(step, answers=answers.skip(asked))
    return _answered(step, asked, form, version=version) if asked in FACTS else step


def _answered(step: Step, asked: str, form: StepForm, *, version: str) -> Step:
    """Read the answer to the question on the page; a wrong one asks it again."""
    text = form.value("antwort") or (form.value("age") if asked == "age" else "")
    typed = None
    if asked in PLACE_FACTS and text:
        text = known_place(text, version=version)
    elif asked in PLACE_FACTS:
        typed = read_place(form.value("ort"), form.value("ags"), version=version)
        text = f"{typed.ags} {typed.name}" if typed.ags else ""
    after = apply_answer(step.answers, asked, text) if text else None
    if after is not None:
        return replace(step, answers=after)
    message = str(AGE_MESSAGE if asked == "age" else VALUE_MESSAGE)
    wrong = {} if typed is not None else {asked: message}
    return replace(step, again=asked, typed=typed, wrong=wrong)
