"""What the finder takes from an address or a posted form, before it becomes answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django import forms
from django.utils.translation import gettext_lazy as _

from counseling.finder import situation_from_dict
from counseling.finder.facts import CONCERNS, HARMLESS_FACTS, VIEWS
from counseling.finder.tree import DOORS
from counseling.flow import CONCERN, OUTSIDE, QUERY_FACTS, Answers, is_sensitive, known_skips
from directory.places import Place, PlaceAnswer, find_place, gazetteer

DOORS_BY_KEY = {door.key: door for door in DOORS}
AGE_MESSAGE = _("Schreib das Alter als Zahl, zum Beispiel 16.")
VALUE_MESSAGE = _("Diese Antwort kennen wir nicht. Wähl bitte noch einmal.")


def _text(max_length: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=max_length)


class StepForm(forms.Form):
    """Everything one page may send. A value that is no text counts as not sent."""

    stand = _text(6000)
    tuer = _text(40)
    concern = _text(60)
    antwort = _text(200)
    age = _text(20)
    place = _text(20)
    ort = _text(100)
    ags = _text(8)
    status = _text(40)
    certificate = _text(20)
    fulltime_school_done = _text(10)
    school_duty_done = _text(10)
    fuer = _text(10)
    frage = _text(40)
    weiss_nicht = _text(10)
    ergebnis = _text(5)

    def value(self, name: str) -> str:
        """The cleaned text of a field; empty when it was wrong or absent."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def door(self) -> str:
        """The key of a door of the first page, if one was chosen."""
        return self.value("tuer") if self.value("tuer") in DOORS_BY_KEY else ""

    @property
    def view(self) -> str:
        """For whom one asks, if it was said."""
        return self.value("fuer") if self.value("fuer") in VIEWS else ""


@dataclass(frozen=True)
class Typed:
    """A place that was typed: what it means, and as an answer if it is clear."""

    answer: PlaceAnswer
    ags: str = ""
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """What an address holds: answers, the question to ask again, and what could not be used."""

    answers: Answers
    wrong: Mapping[str, str]
    typed: Typed | None = None
    again: str = ""
    is_clean: bool = True


def read_address(form: StepForm, skips: Iterable[str], names: Iterable[str], *, version: str) -> Asked:
    """Turn the harmless parameters of an address into answers.

    ``skips`` are the values of ``skip``, ``names`` all parameter names. What is
    sensitive is left out and makes the address unclean: the page is then asked
    for again without it.
    """
    form.is_valid()
    situation, errors = situation_from_dict({name: form.value(name) for name in QUERY_FACTS})
    wrong = {error.parameter: str(_message(error.parameter)) for error in errors}
    wrong |= {name: str(_message(name)) for name in form.errors if name in QUERY_FACTS}
    sensitive = {name for name in names if is_sensitive(name)} | {name for name in skips if is_sensitive(name)}
    again = form.value("frage")
    is_clean = not sensitive and not is_sensitive(again)
    if situation.concern is not None and CONCERNS[situation.concern].sensitive:
        situation, is_clean = replace(situation, concern=None), False
    answers = Answers(
        situation=situation,
        skipped=known_skips(name for name in skips if name == CONCERN or name in HARMLESS_FACTS)
        - {*situation.given, *([CONCERN] if situation.concern else [])},
        view=form.view or "mich",
    )
    answers, typed = _with_place(answers, form, version=version)
    again = again if again in QUERY_FACTS else ""
    return Asked(answers, wrong, typed, again, is_clean)


def _message(name: str) -> object:
    return AGE_MESSAGE if name == "age" else VALUE_MESSAGE


def _with_place(answers: Answers, form: StepForm, *, version: str) -> tuple[Answers, Typed | None]:
    """Read place and name: a key with a name that belongs to it, or a name alone."""
    ort, key = form.value("ort"), answers.situation.place
    if key is None:
        if not ort and not form.value("ags"):
            return answers, None
        typed = read_place(ort, form.value("ags"), version=version)
        return (answers.answer("place", typed.ags, typed.name), typed) if typed.ags else (answers, typed)
    if not ort:
        return answers, None
    known = _known_name(key, ort, version=version)
    return (answers.answer("place", key, known) if known else answers), None


def _known_name(key: str, name: str, *, version: str) -> str:
    """Return the name if it belongs to the key: a page never repeats what a stranger wrote into a link."""
    found = find_place(name, version=version, ags=key)
    if key == OUTSIDE:
        return found.outside_name
    return found.place.name if found.place and found.place.ags == key else ""


def known_place(text: str, *, version: str) -> str:
    """Return key and name of a place button, without a name that does not belong to the key."""
    key, _blank, name = text.partition(" ")
    known = _known_name(key, name, version=version) if name else ""
    return f"{key} {known}".strip()


def read_place(ort: str, ags: str, *, version: str) -> Typed:
    """Say what a typed place means; only one that is clear becomes an answer."""
    found = find_place(ort, version=version, ags=ags)
    return Typed(found, found.place.ags, found.place.name) if found.place else Typed(found)


def place_of(answers: Answers, fact: str, *, version: str) -> Place | None:
    """Return the place behind an answer, with the coordinates of the locality where its name is known."""
    key = getattr(answers.situation, fact)
    if key is None or key == OUTSIDE:
        return None
    name = answers.name_of(fact)
    found = find_place(name, version=version, ags=key).place if name else None
    return found if found and found.ags == key else gazetteer(version).by_ags.get(key)
