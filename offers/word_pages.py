"""Pages that answer words: kept under what was asked, so that the many who type the same words wait for one answer.

Finding costs more than all the rest of such a page. Kept is the whole page, under every parameter of its
address; counted for the gap report is every visit, whether its page was kept or not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from directory.pages import Page
from directory.parts import Shelf, shelf
from offers.gaps import COUNTED, note_gap

# Nobody types as much; programs that do shall not push out what people ask for.
LONGEST = 200


Gap = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Built:
    """A page and how it is counted: ``gap`` is what ``note_gap`` gets, None when a visit is not counted.

    ``private`` is what the answer says of itself when it may be kept nowhere, neither here nor on the way.
    """

    page: Page
    gap: Gap | None = None
    private: str = ""


def word_page(request: HttpRequest, *, version: str, on: date, build: Callable[[], Built]) -> HttpResponse:
    """Return the answer for the words in this address, built when nothing is kept for it."""
    place: Shelf[tuple[bytes, Gap | None]] = shelf("word-pages", version)
    address = request.get_full_path()
    kept = place.get((address, on))
    if kept is None:
        built = build()
        page, gap = built.page, built.gap
        if built.private:
            page["Cache-Control"] = built.private
            return page
        if len(address) <= LONGEST:
            place.put((address, on), (page.content, gap), size=len(page.content) + 2 * len(address) + 1000)
    else:
        page, gap = Page(kept[0]), kept[1]
    if gap and request.method == "GET" and note_gap(gap[0], **gap[1], on=on):
        page["Cache-Control"] = COUNTED
    return page
