"""One style sheet for the public pages: a phone asks once, and the next page has it already.

The sources stay small files with an order. ``collectstatic`` writes them one after the other into a single
file; without it, in development, a page names them one by one. Why: ADR 0042.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

FRAME = ("tokens", "base", "layout", "components/site", "components/common", "components/facts")
"""What every page needs, in this order."""
PARTS = tuple(
    f"css/{name}.css"
    for name in (
        *FRAME,
        *(f"components/{part}" for part in ("card", "contact", "door", "form", "hours", "quick_exit")),
        *(f"pages/{page}" for page in ("directory", "finder", "home", "map", "offers", "result")),
    )
)
"""What the one file holds. Page files of the list may not say different things about the same class: a test."""
WHOLE = "css/portal.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s+")


class PortalStorage(CompressedManifestStaticFilesStorage):
    """Hashed and packed files, with the one style sheet among them."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the one file before names are given."""
        if not dry_run and all(name in paths for name in PARTS):
            Path(self.path(WHOLE)).write_text("".join(map(self._small, PARTS)), encoding="utf-8")
            paths[WHOLE] = (self, WHOLE)
        yield from super().post_process(paths, dry_run, **options)

    def _small(self, name: str) -> str:
        text = Path(self.path(name)).read_text(encoding="utf-8")
        return _INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n"


def sheets(*names: str) -> list[str]:
    """Return the addresses of these style sheets; without names those of the frame.

    Where the one file exists it stands for all its parts, and is named with the frame.
    """
    wanted = names or tuple(f"css/{name}.css" for name in FRAME)
    # Files that were collected before there was one of them still serve.
    if WHOLE not in getattr(staticfiles_storage, "hashed_files", {}):
        return [staticfiles_storage.url(name) for name in wanted]
    return [staticfiles_storage.url(name) for name in ([] if names else [WHOLE]) + [n for n in names if n not in PARTS]]
