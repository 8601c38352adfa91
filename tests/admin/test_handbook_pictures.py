"""No picture of the handbook shows a page as it was: the words that lead through it are kept beside the pictures.

When this fails, look whether the handbook still says what is true, then run ``make handbook``.
"""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from directory.editorial.changes import propose
from directory.models import ContactPoint
from offers.models import Offer
from tests.admin.rows import make_rows
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory
from tools.handbook_words import SHOWN, words_of

BILDER = Path(settings.BASE_DIR) / "docs" / "handbuch"
STORED = BILDER / "bilder.json"


def rename(offer: Offer) -> None:
    offer.summary = "Komm zu uns. Wir hören dir zu."


@pytest.fixture
def shown(db: None, fix_time: object) -> dict[str, list[str]]:
    """Return the words of every page that is shown, in a small world that is always the same."""
    fix_time("2026-11-22 10:00")  # type: ignore[operator]
    rows = make_rows(1)
    Offer.objects.filter(pk=rows[Offer].pk).update(status="published")
    offer = Offer.objects.get(pk=rows[Offer].pk)
    propose(offer, edit=rename, by=None, origin="form", at=timezone.now())
    gap = make_rows(2)[ContactPoint]
    gap.phones.all().delete()
    gap.schedules.all().delete()
    keys = {"offer": offer.pk, "point": rows[ContactPoint].pk, "gap": gap.pk}
    client = log_in(Client(), staff("koordination", role="coordinator", agency=AgencyFactory(kind="coordination")))
    pages = {name: client.get(path.format(**keys)) for name, (path, _part) in SHOWN.items()}
    assert {name: page.status_code for name, page in pages.items() if page.status_code != 200} == {}
    return {name: words_of(pages[name].text, part) for name, (_path, part) in SHOWN.items()}


def test_no_picture_is_older_than_its_page(shown: dict[str, list[str]]) -> None:
    if os.environ.get("HANDBOOK_RECORD"):
        STORED.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    moved = {name: sorted(set(words) ^ set(stored.get(name, []))) for name, words in shown.items()}
    assert {name: words or "in another order" for name, words in moved.items() if shown[name] != stored.get(name)} == {}
    assert set(stored) == {path.stem for path in (BILDER / "bilder").glob("*.png")}
    assert [name for name, words in shown.items() if not words] == []


def test_a_look_changes_nothing_and_a_button_does() -> None:
    html = '<div id="content"><h1 class="a">Titel</h1><p>Text</p><label>Name <b>neu</b></label><input type="submit" value="Ja"></div>'
    assert words_of(html, "#content") == ["Titel", "Name neu", "Ja"]
    assert words_of(html.replace('class="a"', 'class="b c"').replace("Text", "Anderes"), "#content") == [
        "Titel", "Name neu", "Ja",
    ]  # fmt: skip
    assert words_of(html.replace('value="Ja"', 'value="Nein"'), "#content") != ["Titel", "Name neu", "Ja"]
    assert words_of('<div class="x y"><h2>Seit 2026 schon 3</h2></div><h2>Draußen</h2>', ".y") == ["Seit # schon #"]
    assert words_of(html, "#nirgends") == []
