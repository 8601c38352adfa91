"""Every public page: the frame, the head, nothing inline, nothing foreign, no cookie, not heavy."""

import gzip
import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.urls_under_test import NOT_PUBLIC, PAGES, PublicPage
from tools.markup import Node, parse

HTML_PAGES = [page for page in PAGES if page.is_html]
PAGE_LIMIT, STYLE_LIMIT, SCRIPT_LIMIT = 60_000, 20_000, 8_000
# Only staff load these.
BACK_OFFICE_STYLES = {"admin.css", "admin_rules.css", "exchange.css"}
LOADED = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "source": "src",
    "embed": "src",
}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}


def by_name(page: PublicPage) -> str:
    return page.name


def routes(patterns: list[Any], namespace: str = "") -> set[str]:
    """Return the full name of every pattern of ours; the admin has tests of its own."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                found |= routes(pattern.url_patterns, prefix)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}")
    return found


def test_every_address_is_in_the_list() -> None:
    listed = {page.route for page in PAGES if page.route} | set(NOT_PUBLIC)
    assert routes(get_resolver().url_patterns) == listed


def test_names_in_the_list_are_unique() -> None:
    assert [name for name, times in Counter(page.name for page in PAGES).items() if times > 1] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.route], ids=by_name)
def test_address_in_the_list_leads_where_it_says(page: PublicPage) -> None:
    assert resolve(urlsplit(page.path).path).view_name == page.route


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_page_answers_as_promised(page: PublicPage, region: None, client: Client) -> None:
    response = page.open(client)
    assert response.status_code == page.status
    assert response["Content-Type"].split(";")[0] == page.media
    assert len(response.content) > 0 or response.status_code == 302


@pytest.mark.parametrize("page", HTML_PAGES, ids=by_name)
def test_page_has_the_frame(page: PublicPage, region: None, client: Client) -> None:
    html = page.open(client).content.decode()
    found = problems(parse(html))
    if page.status >= 400:  # an error page is not for search engines, so it may lack a description
        found = [problem for problem in found if problem != "description: []"]
    assert found == []
    assert not re.search(r"\{[{%#]|\bNone\b|&lt;(p|a|strong|div)\b", html), "template leftovers"


def problems(tree: Node) -> list[str]:
    """Return what is missing or forbidden on a page."""
    found = []
    (root,) = tree.all("html")
    if root.attributes.get("lang") != "de":
        found.append("lang is not de")
    headings = [node.text() for node in tree.all("h1")]
    if len(headings) != 1 or not headings[0]:
        found.append(f"h1: {headings}")
    titles = [node.text() for node in tree.all("title") if node.text()]
    if not titles or len(titles[0]) < 8:
        found.append(f"title: {titles[:1]}")
    descriptions = [
        m.attributes.get("content", "") for m in tree.all("meta") if m.attributes.get("name") == "description"
    ]
    if len(descriptions) != 1 or not 20 <= len(descriptions[0]) <= 300:
        found.append(f"description: {descriptions}")
    if len(list(tree.all("main"))) != 1:
        found.append("not exactly one main")
    ids = Counter(node.attributes["id"] for node in tree.all() if node.attributes.get("id"))
    found += [f"id twice: {name}" for name, times in ids.items() if times > 1]
    return found + inline(tree)


def inline(tree: Node) -> list[str]:
    """Return inline styles, scripts and handlers: the content security policy would drop them."""
    found = []
    for node in tree.all():
        if "style" in node.attributes or node.tag == "style":
            found.append(f"style in {node.tag}")
        if (
            node.tag == "script"
            and "src" not in node.attributes
            and node.attributes.get("type") != "application/ld+json"
        ):
            found.append("script without src")
        found += [f"{name} in {node.tag}" for name in node.attributes if name.startswith("on")]
        if node.attributes.get("href", "").lower().startswith("javascript:"):
            found.append(f"javascript: in {node.tag}")
    return found


def loaded(tree: Node) -> set[str]:
    """Return the addresses a browser loads for the page, without fragments."""
    found = {node.attributes[LOADED[node.tag]] for node in tree.all(*LOADED) if LOADED[node.tag] in node.attributes}
    for node in tree.all("link"):
        if LOADED_LINKS & set(node.attributes.get("rel", "").split()):
            found.add(node.attributes["href"])
    for node in tree.all("use", "image"):
        found.add(node.attributes.get("href", ""))
    return {address.split("#")[0] for address in found if address and not address.startswith("#")}


@pytest.mark.parametrize("page", HTML_PAGES, ids=by_name)
def test_page_loads_nothing_from_elsewhere(page: PublicPage, region: None, client: Client) -> None:
    tree = parse(page.open(client).content.decode())
    foreign = [address for address in loaded(tree) if not address.startswith("/static/") and not is_own(address)]
    assert foreign == []


def is_own(address: str) -> bool:
    """Own addresses are relative to the host."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and address.startswith("/")


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_page_sets_no_cookie_but_for_a_form(page: PublicPage, region: None, client: Client) -> None:
    response = page.open(client)
    tree = parse(response.content.decode(errors="replace")) if page.is_html else Node("")
    has_token = any(node.attributes.get("name") == "csrfmiddlewaretoken" for node in tree.all("input"))
    assert set(response.cookies) == ({"csrftoken"} if has_token else set())


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))


def static_size(client: Client, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return packed(content) if address.endswith((".css", ".js", ".svg", ".json", ".webmanifest")) else len(content)


def imported(client: Client, addresses: set[str]) -> set[str]:
    """Return the addresses with the modules that scripts import and the files that styles name."""
    found = set(addresses)
    for address in addresses:
        if address.endswith((".js", ".css")):
            text = b"".join(client.get(address).streaming_content).decode()
            folder = address.rsplit("/", 1)[0]
            for name in re.findall(r"""(?:from\s+|import\s+|url\()["']?(\.{1,2}/[^"')]+)""", text):
                parts = f"{folder}/{name}".split("/")
                while ".." in parts:
                    at = parts.index("..")
                    del parts[at - 1 : at + 1]
                found.add("/".join(part for part in parts if part != "."))
    return found


@pytest.mark.parametrize("page", HTML_PAGES, ids=by_name)
def test_page_is_light(page: PublicPage, region: None, client: Client) -> None:
    html = page.open(client).content
    files = imported(client, loaded(parse(html.decode())))
    sizes = {address: static_size(client, address) for address in files}
    assert packed(html) + sum(sizes.values()) <= PAGE_LIMIT, sizes


def test_styles_and_scripts_are_small_in_all(client: Client, settings: Any) -> None:
    (folder,) = settings.STATICFILES_DIRS
    public = [path for path in folder.rglob("*.css") if path.name not in BACK_OFFICE_STYLES]
    styles = sum(packed(path.read_bytes()) for path in public)
    scripts = sum(packed(path.read_bytes()) for path in folder.rglob("*.js"))
    assert styles <= STYLE_LIMIT
    assert scripts <= SCRIPT_LIMIT
