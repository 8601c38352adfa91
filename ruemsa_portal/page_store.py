"""Where kept pages lie: in this process, and in Redis when several processes or machines share them.

A page in the process costs no copy and no unpickling. What the shared cache has is taken into the process
at the first request. Both hold only pages of the version they are asked for, so neither can be stale.
"""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.cache import caches

Headers = list[tuple[str, str]]
Key = tuple[str, ...]

PLACE = "pages"
# In each process. A packed page of ours has 4 to 8 kB, so this is one or two thousand of them.
MOST_BYTES = 8 * 1024 * 1024
# What a page costs beside its body: headers, address, the dictionary's own room.
FRAME_BYTES = 1500


@dataclass(frozen=True, slots=True)
class Kept:
    """One page as it is kept: its body packed when that makes sense, its tag, the instant it ends (seconds)."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_packed: bool
    tag: str
    until: float


class Ready:
    """A kept page with every answer it can give laid out: packed, plain and "unchanged"."""

    __slots__ = ("body", "length", "packed", "plain", "tag", "unchanged", "unchanged_packed", "until")

    def __init__(self, kept: Kept) -> None:
        self.tag, self.until = kept.tag, kept.until
        self.length = len(kept.body)
        # Nearly everybody unpacks; for the others the body is unpacked when they ask.
        self.body = kept.body
        vary = [("Vary", "Accept-Encoding")] if kept.is_packed else []
        kind = [header for header in kept.headers if header[0].lower() == "content-type"]
        rest = [header for header in kept.headers if header not in kind]
        self.unchanged: Headers = [*rest, ("ETag", f'"{kept.tag}"'), *vary]
        self.plain: Headers = [*kind, *self.unchanged]
        self.packed: Headers = []
        self.unchanged_packed: Headers = self.unchanged
        if kept.is_packed:
            self.unchanged_packed = [*rest, ("ETag", f'"{kept.tag}-gz"'), *vary]
            length = ("Content-Length", str(self.length))
            self.packed = [*kind, *self.unchanged_packed, ("Content-Encoding", "gzip"), length]
        else:
            self.plain.append(("Content-Length", str(self.length)))

    def answer(self, *, packed: bool) -> tuple[Headers, bytes]:
        """Return headers (not to be changed) and body for a browser that unpacks gzip, or not."""
        if not self.packed:
            return self.plain, self.body
        if packed:
            return self.packed, self.body
        body = gzip.decompress(self.body)
        return [*self.plain, ("Content-Length", str(len(body)))], body


class Shelf:
    """The pages of one version in this process; the oldest make room. Another version empties it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        # Version and pages change together, in one step, also for a reader in another thread.
        self._held: tuple[str, dict[Key, Ready]] = ("", {})
        self._size = 0
        self._lock = Lock()

    def get(self, key: Key, version: str) -> Ready | None:
        """Return the page of this version, or None."""
        held = self._held
        return held[1].get(key) if held[0] == version else None

    def put(self, key: Key, version: str, page: Ready) -> None:
        """Keep the page; what does not fit any more goes, the oldest first."""
        with self._lock:
            if version != self._held[0]:
                self._held, self._size = (version, {}), 0
            pages = self._held[1]
            self._drop(key)
            pages[key] = page
            self._size += page.length + FRAME_BYTES
            while self._size > self.most_bytes and len(pages) > 1:
                self._drop(next(iter(pages)))

    def __len__(self) -> int:
        return len(self._held[1])

    def _drop(self, key: Key) -> None:
        gone = self._held[1].pop(key, None)
        if gone is not None:
            self._size -= gone.length + FRAME_BYTES


def is_shared() -> bool:
    """Say whether there is a cache beyond this process."""
    return PLACE in settings.CACHES


def release_of(folders: Iterable[Path], *said: str) -> str:
    """Return a name for this state of the code: other code makes other pages of the same content."""
    text = hashlib.blake2b("\n".join(said).encode(), digest_size=8)
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    for path in sorted(files):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()


def name_of(key: Key, version: str, release: str) -> str:
    """Return the name in the shared cache: release of the code, version and address, hashed to a fixed length."""
    text = "\n".join((release, version, *key))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def look_up(name: str) -> Kept | None:
    """Return the page; None when it is not there or the shared cache does not answer."""
    kept: Kept | None = caches[PLACE].get(name)
    return kept


def put_away(name: str, kept: Kept, *, seconds: float) -> None:
    """Share the page; a cache that does not answer costs nothing but speed."""
    caches[PLACE].set(name, kept, timeout=max(1, int(seconds)))
