"""No dead end: every link on every page a visitor can reach leads somewhere."""

from collections import Counter, defaultdict, deque
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from tools.markup import parse

START = ["/", "/eltern/", "/fachkraefte/", "/angebote/", "/anlaufstellen/"]
# Filters combine without end; the same path with the same parameter names is looked at twice.
SAME_SHAPE = 2
SKIPPED = ("/static/", "/admin/", "/raus/")


def links(html: str, here: str) -> set[str]:
    """Return the addresses on our own site that a page links to."""
    found = set()
    for node in parse(html).all("a"):
        href = node.attributes.get("href", "")
        parts = urlsplit(href)
        if href and not parts.scheme and not parts.netloc:
            found.add(urljoin(here, href))
    return found


def shape(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address)
    return parts.path, tuple(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))


@pytest.mark.slow
def test_every_link_leads_somewhere(region: None, quick_pages: None, client: Client) -> None:
    waiting, seen, shapes = deque(START), set(START), Counter(shape(address) for address in START)
    problems, targets, ids = [], defaultdict(set), {}
    while waiting:
        address = waiting.popleft()
        response = client.get(address)
        if response.status_code not in (200, 301, 302):
            problems.append(f"{response.status_code} {address}, linked from {sorted(targets[address])[:2]}")
            continue
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        ids[address] = {node.attributes["id"] for node in parse(html).all() if "id" in node.attributes}
        for link in links(html, address):
            page, fragment = urldefrag(link)
            targets[page].add(address)
            if fragment:
                targets[link].add(address)
            if page in seen or page.startswith(SKIPPED) or shapes[shape(page)] >= SAME_SHAPE:
                continue
            shapes[shape(page)] += 1
            seen.add(page)
            waiting.append(page)
    for link, sources in targets.items():
        page, fragment = urldefrag(link)
        if fragment and page in ids and unquote(fragment) not in ids[page]:
            problems.append(f"#{fragment} is missing on {page}, linked from {sorted(sources)[:2]}")
    assert problems == []
    assert len(seen) > 100
