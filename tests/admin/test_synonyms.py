"""Groups of words that mean the same: saved simply, checked, and shown before they are saved."""

import pytest
from django.forms import modelform_factory

from directory.index.writing import changed
from directory.models import SynonymGroup
from offers.admin.synonyms import SynonymGroupForm
from tests.admin.test_pages import address
from tests.admin.test_saving import save, saved, version
from tests.factories.accounts import log_in, staff
from tests.factories.offers import OfferFactory

GROUP = {"name": "Feuer", "words": "Quitzel\nFlumm", "means": "", "note": "", "is_active": "on"}


@pytest.fixture
def offers(db):
    made = [OfferFactory(title="Kurs im Quitzeln"), OfferFactory(title="Flumm für alle"), OfferFactory(title="Tanzen")]
    changed(made)
    return made


def test_a_group_is_saved_and_raises_the_version(desk):
    before = version()
    assert saved(save(desk, SynonymGroup, **GROUP))
    row = SynonymGroup.objects.get()
    assert (row.said(), row.is_active, version()) == (["Quitzel", "Flumm"], True, before + 1)
    assert row.staff_edited_at is not None
    assert saved(save(desk, SynonymGroup, row.pk, is_active=None))
    row.refresh_from_db()
    assert (row.is_active, version()) == (False, before + 2)
    desk.post(address(SynonymGroup, "delete", row.pk), {"post": "yes"})
    assert (SynonymGroup.objects.count(), version()) == (0, before + 3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "Quitzel"}, "words"),
        ({"words": "Quitzel\n…"}, "words"),
        ({"words": "Quitzel\nder"}, "words"),
        ({"words": "Quitzel\nQUITZEL"}, "words"),
        ({"words": "\n".join(f"wort{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(61))}, "words"),
        ({"words": "Quitzel\n" + "x" * 81}, "words"),
        ({"words": "Quitzel\neins zwei drei vier fünf sechs sieben acht neun"}, "words"),
        ({"words": "Quitzel\nA\0B"}, "words"),
        ({"means": "Feuer"}, "means"),
        ({"means": "A\0B", "is_one_way": "on"}, "means"),
        ({"is_one_way": "on"}, "means"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
    ],
)
@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_what_the_search_cannot_use_is_said_at_the_field(desk, changes, field, button):
    response = desk.post(address(SynonymGroup, "add"), {**GROUP, **changes, button: "1"})
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not SynonymGroup.objects.exists()
    assert response.context.get("preview") is None


@pytest.mark.parametrize("field", ["name", "words", "note"])
def test_half_a_character_is_refused_at_the_field(db, field):
    """No browser sends one; a program that says it writes UTF-7 can."""
    form = modelform_factory(SynonymGroup, SynonymGroupForm, fields=("name", "words", "note"))
    assert field in form({**GROUP, field: "Quitzel\nA\ud800B"}).errors


def test_preview_says_what_the_group_adds_and_saves_nothing(desk, offers):
    before = version()
    response = desk.post(address(SynonymGroup, "add"), {**GROUP, "_preview": "1"})
    lines = {line.entry: line for line in response.context["preview"].lines}
    assert {entry: (line.before, line.after) for entry, line in lines.items()} == {"Quitzel": (1, 2), "Flumm": (1, 2)}
    assert lines["Flumm"].titles == (("Flumm für alle", False), ("Kurs im Quitzeln", True))
    assert "Kurs im Quitzeln <strong>neu</strong>" in response.text
    assert (SynonymGroup.objects.count(), version()) == (0, before)
    assert response.context["adminform"].form["words"].value() == GROUP["words"]
    assert '<textarea name="words"' in response.text
    assert "Quitzel\nFlumm</textarea>" in response.text.replace("\r", "")


def test_preview_of_a_saved_group_compares_with_life_without_it(desk, offers):
    assert saved(save(desk, SynonymGroup, **GROUP))
    row = SynonymGroup.objects.get()
    data = {**GROUP, "words": "Quitzel\nTanzen", "_preview": "1"}
    response = desk.post(address(SynonymGroup, "change", row.pk), data)
    lines = {line.entry: (line.before, line.after) for line in response.context["preview"].lines}
    assert lines == {"Quitzel": (1, 2), "Tanzen": (1, 2)}
    row.refresh_from_db()
    assert row.said() == ["Quitzel", "Flumm"]
    form_url = response.context["form_url"]
    assert form_url in ("", address(SynonymGroup, "change", row.pk))


def test_preview_of_a_one_way_group_and_of_one_that_is_off(desk, offers):
    data = {**GROUP, "words": "Drachen", "means": "Flumm", "is_one_way": "on", "_preview": "1"}
    (line,) = desk.post(address(SynonymGroup, "add"), data).context["preview"].lines
    assert (line.before, line.after) == (0, 1)
    data.pop("is_active")
    (line,) = desk.post(address(SynonymGroup, "add"), data).context["preview"].lines
    assert (line.before, line.after) == (0, 0)


def test_preview_shows_a_dozen_entries_and_says_how_many_more(desk, offers):
    words = "\n".join(f"Wort{chr(97 + number)}" for number in range(15))
    response = desk.post(address(SynonymGroup, "add"), {**GROUP, "words": words, "_preview": "1"})
    assert len(response.context["preview"].lines) == 12
    assert "3 weitere Wörter sind hier nicht gezeigt." in response.text


def test_preview_escapes_what_was_typed(desk, offers):
    data = {**GROUP, "words": "<b>Quitzel</b>\nFlumm", "_preview": "1"}
    response = desk.post(address(SynonymGroup, "add"), data)
    assert "<b>Quitzel" not in response.text


def test_preview_needs_the_right_to_change(client, db):
    row = SynonymGroup.objects.create(name="Feuer", words="Quitzel\nFlumm")
    log_in(client, staff("redaktion", role="editor"))
    change, add = address(SynonymGroup, "change", row.pk), address(SynonymGroup, "add")
    assert [client.get(change).status_code, client.get(add).status_code] == [404, 403]
    assert [client.post(url, {**GROUP, "_preview": "1"}).status_code for url in (change, add)] == [404, 403]


def test_preview_of_nothing_is_not_found(desk):
    for key in ("999", "abc", "99999999999999999999999"):
        assert desk.post(address(SynonymGroup, "change", key), {**GROUP, "_preview": "1"}).status_code == 404


def test_the_list_shows_the_first_words(desk):
    SynonymGroup.objects.create(name="Feuer", words="\n".join(f"wort{number}" for number in range(7)))
    assert "wort0, wort1, wort2, wort3, wort4 …" in desk.get(address(SynonymGroup, "changelist")).text
