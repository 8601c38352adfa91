"""The gap report: what is counted, what never is, who sees it, when it goes."""

import threading
import time
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from directory.models import Municipality
from offers import gaps
from offers.filters import OfferFilters
from offers.gaps import filters_text, gap_report, looks_personal, normalised, note_gap, old_gaps
from offers.models import SearchGap
from tests.factories.accounts import log_in, staff
from tests.factories.offers import OfferFactory

DAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)
REPORT = "/admin/offers/searchgap/"


@pytest.fixture
def village(db) -> Municipality:
    return Municipality.objects.create(ags="99000001", name="Dorf", kind="einheitsgemeinde", latitude=52, longitude=11)


def noted() -> list[tuple]:
    return list(SearchGap.objects.order_by("id").values_list("query", "filters", "municipality_id", "count", "hits"))


# --- what is counted ------------------------------------------------------------------


def test_equal_questions_meet_in_one_line(db):
    for text in ("Töpfern lernen", "lernen  töpfern", "ich will Toepfern lernen", "TÖPFERN und lernen"):
        note_gap(text, hits=0, on=DAY)
    note_gap("töpfern lernen", hits=2, on=DAY + timedelta(days=2))
    assert noted() == [("lernen toepfern", "", None, 5, 2)]
    assert SearchGap.objects.get().week == MONDAY


def test_week_place_and_filters_make_lines_of_their_own(village):
    note_gap("töpfern", hits=0, on=DAY)
    note_gap("töpfern", hits=0, on=DAY + timedelta(days=7))
    note_gap("töpfern", hits=0, on=DAY, ags=village.pk)
    note_gap("töpfern", hits=0, on=DAY, ags=village.pk)
    note_gap("töpfern", hits=0, on=DAY, filters="is_free")
    assert [row[3] for row in noted()] == [1, 1, 2, 1]


def test_enough_hits_cost_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        note_gap("töpfern", hits=3, on=DAY)
        note_gap("", hits=0, on=DAY)
        note_gap("?!", hits=0, on=DAY)


@pytest.mark.parametrize(
    "text",
    ["max@example.org", "ruf 039047240 an", "0170 123 45 67", "39326 praktikum", "(03904) 72-40", "www.example.org",
     "https://example.org/x", "meine-seite.de", "w" * 61, "a " * 40],
)  # fmt: skip
def test_what_looks_personal_is_never_kept(db, django_assert_num_queries, text):
    assert looks_personal(text)
    with django_assert_num_queries(0):
        note_gap(text, hits=0, on=DAY)


@pytest.mark.parametrize(
    "text", ["§ 13 sgb 8", "ausbildung 2027", "klasse 10 hauptschule", "kfz-mechatroniker", "z.B. koch"]
)
def test_ordinary_numbers_are_not_personal(text):
    assert not looks_personal(text)


def test_filters_in_one_spelling_with_age_in_bands():
    one = OfferFilters(text="x", age=16, kinds=("geld", "beratung"), is_free=True, certificate="hsa", sort="neu")
    other = OfferFilters(text="y", age=17, kinds=("beratung", "geld"), is_free=True, certificate="hsa")
    assert filters_text(one) == filters_text(other)
    assert filters_text(one) == "alter=15 bis 17, art=beratung, art=geld, certificate=hsa, is_free"
    assert filters_text(OfferFilters()) == ""
    assert all("alter=" in filters_text(OfferFilters(age=age)) for age in (0, 14, 15, 24, 25, 99))


def test_long_words_are_cut_at_a_word(db):
    query = normalised(" ".join(f"wort{chr(97 + number)}aaaaaaaaa" for number in range(20)))
    assert len(query) <= gaps.LONGEST_QUERY
    assert not query.endswith(" ")


def test_a_week_holds_only_so_many_lines(db, monkeypatch):
    monkeypatch.setattr(gaps, "MOST_LINES_A_WEEK", 2)
    for text in ("töpfern", "segeln", "reiten", "töpfern"):
        note_gap(text, hits=0, on=DAY)
    note_gap("reiten", hits=0, on=DAY + timedelta(days=7))
    assert [(row[0], row[3]) for row in noted()] == [("toepfern", 2), ("segeln", 1), ("reiten", 1)]


def test_a_municipality_that_is_gone_breaks_nothing(db):
    with transaction.atomic():
        note_gap("töpfern", hits=0, on=DAY, ags="00000000")
        SearchGap.objects.all().delete()  # SQLite checks foreign keys only at the end


# --- at the same time -----------------------------------------------------------------


@pytest.mark.slow
def test_many_at_once_make_one_line_and_no_error(transactional_db):
    errors = []

    def search() -> None:
        try:
            for _ in range(5):
                note_gap("töpfern", hits=0, on=DAY)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    (row,) = noted()
    assert 1 <= row[3] <= 20


@pytest.mark.slow
def test_a_lock_loses_the_count_and_not_the_page(transactional_db):
    note_gap("töpfern", hits=0, on=DAY)
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            SearchGap.objects.update(hits=1)
            locked.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    begin = time.monotonic()
    note_gap("töpfern", hits=0, on=DAY)
    took = time.monotonic() - begin
    done.set()
    holder.join()
    assert took < 3
    assert noted() == [("toepfern", "", None, 1, 1)]
    note_gap("töpfern", hits=0, on=DAY)
    assert SearchGap.objects.get().count == 2


# --- what pages count -----------------------------------------------------------------


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("path", ["/suche/", "/angebote/", "/api/angebote"])
def test_pages_count_what_is_hardly_found(client, fix_time, path):
    fix_time("2026-11-25 10:00")
    client.get(path, {"q": "xyzzyquux"})
    client.head(path, {"q": "xyzzyquux"})
    client.get(path, {"q": "xyzzyquux", "genau": "1"})
    client.get(path, {"q": "ausbildung"})
    client.get(path, {"q": "anna@example.org"})
    client.get(path)
    assert noted() == [("xyzzyquux", "", None, 1, 0)]


@pytest.mark.usefixtures("region")
def test_only_the_first_page_counts_and_the_place_by_its_municipality(client):
    client.get("/angebote/", {"q": "xyzzyquux", "ort": "Wolmirstedt", "alter": "16", "seite": "1"})
    client.get("/suche/", {"q": "xyzzyquux wolmirstedt"})
    wolmirstedt = Municipality.objects.get(name="Wolmirstedt").pk
    assert noted() == [
        ("xyzzyquux", "alter=15 bis 17", wolmirstedt, 1, 0),
        ("xyzzyquux", "", wolmirstedt, 1, 0),
    ]


@pytest.mark.usefixtures("region")
def test_a_failing_count_breaks_no_page(client, monkeypatch):
    def fail(*args: object) -> None:
        raise gaps.DatabaseError("locked")

    monkeypatch.setattr(gaps, "_count", fail)
    assert client.get("/suche/", {"q": "xyzzyquux"}).status_code == 200


# --- the report -----------------------------------------------------------------------


def test_report_shows_groups_from_five_on(village):
    line = {"week": MONDAY, "hits": 0}
    SearchGap.objects.create(query="segeln", count=4, **line)
    SearchGap.objects.create(query="reiten", count=3, **line)
    SearchGap.objects.create(query="reiten", count=2, municipality=village, **line)
    SearchGap.objects.create(query="toepfern", count=5, municipality=village, filters="is_free", **line)
    SearchGap.objects.create(query="alt", count=50, week=DAY - timedelta(days=400))
    rows = gap_report(DAY)
    assert [(row.query, row.total, row.places, row.filters) for row in rows] == [
        ("reiten", 5, (), ()),
        ("toepfern", 5, (("Dorf", 5),), (("is_free", 5),)),
    ]


def test_filter_of_the_report_uncovers_no_small_group(village):
    SearchGap.objects.create(query="reiten", count=4, week=MONDAY)
    SearchGap.objects.create(query="reiten", count=3, week=MONDAY - timedelta(days=7), municipality=village)
    assert [row.total for row in gap_report(DAY)] == [7]
    assert gap_report(DAY, ags=village.pk) == []
    assert gap_report(DAY, week=MONDAY) == []


def test_report_is_read_only_and_for_those_who_may(client, village, fix_time):
    fix_time("2026-11-25 10:00")
    row = SearchGap.objects.create(query="reiten", count=6, week=MONDAY, municipality=village)
    SearchGap.objects.create(query="geheim", count=1, week=MONDAY)
    log_in(client, staff("redaktion", role="editor"))
    assert client.get(REPORT).status_code == 403
    log_in(client, staff("koordination", role="coordinator"))
    html = client.get(REPORT).content.decode()
    assert "reiten" in html
    assert "geheim" not in html
    assert client.get(f"{REPORT}?gemeinde={village.pk}&woche=2026-11-23").context["lines"][0].total == 6
    for query in ("gemeinde=x", "woche=gestern", "gemeinde=%27&woche=2026-99-99", "query__contains=g"):
        assert client.get(f"{REPORT}?{query}").status_code == 200, query
    for page in (f"{row.pk}/change/", f"{row.pk}/delete/", f"{row.pk}/history/", "add/"):
        assert client.get(REPORT + page).status_code == 404, page


def test_report_needs_the_same_queries_for_many_lines(client, village, django_assert_num_queries):
    log_in(client, staff("technik", is_superuser=True))

    def fill(number: int) -> None:
        for i in range(number):
            SearchGap.objects.create(
                query=f"w{SearchGap.objects.count()}-{i}", count=9, week=MONDAY, municipality=village
            )

    fill(1)
    client.get(REPORT)
    with django_assert_num_queries(9):
        client.get(REPORT)
    fill(20)
    with django_assert_num_queries(9):
        client.get(REPORT)


# --- how long it is kept --------------------------------------------------------------


def test_purge_deletes_what_is_older_than_twelve_months(db, fix_time):
    fix_time("2026-11-25 03:00")
    for week in (date(2025, 11, 24), date(2025, 11, 25), date(2026, 11, 23)):
        SearchGap.objects.create(query="reiten", week=week)
    OfferFactory()
    out = StringIO()
    call_command("purge", "--dry-run", stdout=out)
    assert "search_gaps: 1 zu löschen" in out.getvalue()
    assert SearchGap.objects.count() == 3
    out = StringIO()
    call_command("purge", stdout=out)
    assert "search_gaps: 1 gelöscht" in out.getvalue()
    assert list(SearchGap.objects.order_by("week").values_list("week", flat=True)) == [
        date(2025, 11, 25),
        date(2026, 11, 23),
    ]
    assert not old_gaps(DAY).exists()
