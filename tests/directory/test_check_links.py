"""A whole run of the link check: what is asked, what is written down, and what is not when the network is away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from directory.linkcheck import fetch
from directory.linkcheck.address import RefusedError
from directory.linkcheck.fetch import Answer, UnreachableError
from directory.linkcheck.run import check, due_addresses, finding, note_findings, note_uses, used_addresses
from directory.models import LinkCheck, LinkUse, Page
from offers.models import Deadline, OfferAgency
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the files of the region out; they have a test of their own."""
    monkeypatch.setattr("directory.link_sources._texts", [])


def web(**hosts: Any) -> Callable[[str], Answer]:
    """Answer by the first word of the host; an error is raised."""

    def ask(address: str) -> Answer:
        answer = hosts[address.split("//")[1].split(".")[0]]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


AWAY = UnreachableError("Die Website antwortet nicht.")


def run(addresses: list[str], ask: Callable[[str], Answer]) -> Any:
    return check(addresses, ask=ask, pause=0, seconds=60)


def test_where_every_address_is_used(db: None) -> None:
    point = ContactPointFactory(website="https://haus.example/")
    offer = OfferFactory(description="[Haus](https://haus.example/)")
    other = AgencyFactory(website="https://amt.example/")
    for agency, role in ((other, "provider"), (other, "funder"), (point.owner, "referrer")):
        OfferAgency.objects.create(offer=offer, agency=agency, role=role)
    Deadline.objects.create(
        offer=offer, kind="yearly", month=3, day=1, text="Komm.", source_url="https://frist.example/"
    )
    Page.objects.create(
        slug="ueber", title="Über", body="[Amt](https://amt.example/) [lang](https://l.example/%s)" % ("x" * 600)
    )
    assert note_uses(used_addresses()) == 1
    found = sorted(LinkUse.objects.values_list("link__address", "subject", "agency"), key=str)
    subject = f"offers.offer:{offer.pk}"
    assert found == sorted(
        [
            ("https://haus.example/", f"directory.contactpoint:{point.pk}", point.owner_id),
            ("https://haus.example/", subject, other.pk),
            ("https://haus.example/", subject, point.owner_id),
            ("https://frist.example/", subject, other.pk),
            ("https://frist.example/", subject, point.owner_id),
            ("https://amt.example/", f"directory.agency:{other.pk}", other.pk),
            ("https://amt.example/", f"directory.page:{Page.objects.get().pk}", None),
        ],
        key=str,
    )
    LinkCheck.objects.filter(address="https://amt.example/").update(status="broken", failing_since=NOW)
    offer.delete()
    note_uses(used_addresses())
    assert dict(LinkCheck.objects.values_list("address", "status")) == {
        "https://haus.example/": "unchecked",
        "https://amt.example/": "broken",
    }


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (Answer(200), "ok", ""),
        (Answer(204), "ok", ""),
        (Answer(200, "https://neu.example/"), "moved", ""),
        (Answer(200, "https://neu.example/" + "x" * 600), "ok", ""),
        (Answer(404), "broken", "Die Seite gibt es nicht mehr."),
        (Answer(500), "broken", "Die Website meldet einen Fehler."),
        (Answer(403), "unclear", "Die Website lässt sich nicht automatisch prüfen."),
        (Answer(429), "unclear", "Die Website lässt sich nicht automatisch prüfen."),
        (AWAY, "broken", "Die Website antwortet nicht."),
        (
            RefusedError("Die Adresse führt in ein Netz, das nicht öffentlich ist."),
            "broken",
            "Die Adresse führt in ein Netz",
        ),
    ],
)
def test_what_an_answer_means(answer: Any, status: str, words: str) -> None:
    found = finding("https://a.example/", web(a=answer))
    assert (found.status, found.reason.startswith(words), bool(found.reason)) == (status, True, bool(words))


def test_broken_counts_after_two_runs_a_day_apart(db: None) -> None:
    address = "https://a.example/"
    LinkCheck.objects.create(address=address)

    def state(ask: Callable[[str], Answer], at: datetime) -> tuple[str, bool, datetime | None]:
        note_findings(run([address], ask).findings, at=at)
        row = LinkCheck.objects.get()
        assert row.checked_at == at
        return row.status, row.is_confirmed, row.failing_since

    gone = web(a=Answer(404))
    assert state(gone, NOW) == ("broken", False, NOW)
    assert state(gone, NOW + DAY - timedelta(seconds=1)) == ("broken", False, NOW)
    assert state(gone, NOW + DAY) == ("broken", True, NOW)
    assert list(LinkCheck.objects.waiting().values_list("address", flat=True)) == [address]
    assert state(web(a=Answer(200)), NOW + 2 * DAY) == ("ok", False, None)
    moved = web(a=Answer(200, "https://neu.example/"))
    assert state(gone, NOW + 3 * DAY) == ("broken", False, NOW + 3 * DAY)
    assert state(moved, NOW + 4 * DAY) == ("moved", False, NOW + 4 * DAY)
    assert state(moved, NOW + 5 * DAY) == ("moved", True, NOW + 4 * DAY)
    assert LinkCheck.objects.get().redirect_to == "https://neu.example/"
    assert state(web(a=Answer(403)), NOW + 6 * DAY) == ("unclear", False, None)


def test_one_host_after_the_other_with_pauses_and_an_end() -> None:
    asked: list[str] = []
    clock = [0.0]

    def ask(address: str) -> Answer:
        asked.append(address)
        clock[0] += 4
        return Answer(200)

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    addresses = ["https://a.example/1", "https://b.example/1", "https://A.example/2", "https://c.example/1"]
    result = check(addresses, ask=ask, pause=1, seconds=14, sleep=sleep, clock=lambda: clock[0])
    assert asked == ["https://a.example/1", "https://A.example/2", "https://b.example/1"]
    assert (result.is_out_of_time, len(result.findings), result.num_addresses) == (True, 3, 4)


@pytest.mark.parametrize(
    ("answers", "is_offline"),
    [
        ({"a": AWAY, "b": AWAY, "c": Answer(200)}, True),
        ({"a": AWAY, "b": Answer(404), "c": Answer(200)}, False),
        ({"a": Answer(404), "b": Answer(404), "c": Answer(500)}, False),
        ({"a": AWAY, "b": Answer(200)}, False),
        ({"a": AWAY}, True),
        ({"a": RefusedError("x"), "b": RefusedError("x")}, False),
    ],
)
def test_more_than_half_of_the_hosts_silent_is_our_own_network(answers: dict[str, Any], is_offline: bool) -> None:
    addresses = [f"https://{name}.example/{number}" for name in answers for number in range(3)]
    assert run(addresses, web(**answers)).is_offline is is_offline


def test_the_oldest_checks_come_first(db: None) -> None:
    for name, checked_at in (("neu", NOW), ("alt", NOW - DAY), ("nie", None)):
        LinkCheck.objects.create(address=f"https://{name}.example/", checked_at=checked_at)
    assert due_addresses(2) == ["https://nie.example/", "https://alt.example/"]


@pytest.fixture
def command(db: None, monkeypatch: pytest.MonkeyPatch, fix_time: Any) -> Callable[..., str]:
    """Run the command with a web of its own; return what it says."""
    fix_time("2026-11-22 10:00")
    monkeypatch.setattr("directory.management.commands.check_links.PAUSE", 0)
    ContactPointFactory(website="https://a.example/")
    ContactPointFactory(website="https://b.example/", owner__website="https://b.example/amt")

    def call(*args: str, **hosts: Any) -> str:
        ask = web(**hosts)
        monkeypatch.setattr(fetch, "ask", lambda address, **_options: ask(address))
        out = StringIO()
        call_command("check_links", *args, stdout=out)
        return out.getvalue()

    return call


def test_the_command_says_what_it_found(command: Callable[..., str]) -> None:
    said = command(a=Answer(404), b=Answer(200, "https://neu.example/"))
    assert said.splitlines() == [
        "https://a.example/: Die Seite gibt es nicht mehr.",
        "https://b.example/: umgezogen nach https://neu.example/",
        "https://b.example/amt: umgezogen nach https://neu.example/",
        "3 von 3 Adressen geprüft.",
    ]
    assert dict(LinkCheck.objects.values_list("address", "status")) == {
        "https://a.example/": "broken",
        "https://b.example/": "moved",
        "https://b.example/amt": "moved",
    }
    assert "1 von 3 Adressen geprüft." in command("--limit", "1", a=Answer(200), b=Answer(200))


def test_a_dry_run_stores_nothing(command: Callable[..., str]) -> None:
    assert "a.example/: Die Seite gibt es nicht mehr." in command("--dry-run", a=Answer(404), b=Answer(200))
    assert not LinkCheck.objects.exists()


def test_without_a_network_nothing_is_marked(command: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="Kein Link wurde als kaputt vermerkt"):
        command(a=AWAY, b=AWAY)
    assert set(LinkCheck.objects.values_list("status", "checked_at")) == {("unchecked", None)}
