"""Where each stem stands, as bit masks over the public entries of a day.

Bits of offers are those of the offers' catalogue; the other kinds follow behind them. What is not
public has no bit, so it can neither be found nor corrected to. Masks are loaded when first asked
for, one query for all stems that are missing, and kept until the content changes or memory is full.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from sys import getsizeof
from threading import Lock

from django.conf import settings

from directory.index.bits import mask_of
from directory.index.keys import TITLE_MARK
from directory.models import Agency, ContactPoint, SearchEntry, SearchPosting, SearchTerm
from directory.statements import CHUNK, Statement
from directory.versions import derived

TITLES = Statement(lambda texts: SearchTerm.objects.filter(text__in=texts).order_by().values_list("text", "pk"))
POSTINGS = Statement(
    lambda terms: (
        SearchPosting.objects.filter(term_id__in=terms).order_by().values_list("term_id", "entry_id", "weight")
    )
)
MAX_BYTES = 24 * 1024 * 1024
ENTRY_BYTES = 400  # dictionary slot, key and tuple of one kept term, rounded up


@dataclass(frozen=True, slots=True)
class Term:
    """Where a stem stands. ``levels`` are (bit length of the weight, entries), heaviest first, without overlap."""

    pk: int = 0
    mask: int = 0
    levels: tuple[tuple[int, int], ...] = ()


NOWHERE = Term()


class Universe:
    """The public entries of one day and content version."""

    def __init__(
        self, bit_of_entry: dict[int, int], kinds: dict[str, int], size: int, pk_of_stem: Mapping[str, int]
    ) -> None:
        self.bit_of_entry = bit_of_entry
        self.pk_of_stem = pk_of_stem
        self.kinds = kinds
        self.size = size
        self.count = len(bit_of_entry)
        self.entry_at = [0] * size
        for entry, bit in bit_of_entry.items():
            self.entry_at[bit] = entry
        self._kept: OrderedDict[str, Term] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._names: Mapping[str, int] = {}

    def terms(self, keys: Collection[str]) -> dict[str, Term]:
        """Return where these stems stand; at most one query, and one more if a title's key is among them."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            loaded = self._load(missing)
            with self._lock:
                for key, term in loaded.items():
                    self._keep(key, term)
            found |= loaded
        return found

    def know(self, names: Mapping[str, int]) -> None:
        """Take the numbers of these titles, so that they need not be looked up."""
        self._names = names

    @property
    def kept_bytes(self) -> int:
        """Memory of the masks kept now, in bytes."""
        return self._bytes

    def _load(self, keys: list[str]) -> dict[str, Term]:
        """Read postings by the number of their term: a join by its text is planned badly where statistics are old."""
        pk_of = {key: self.pk_of_stem[key] for key in keys if key in self.pk_of_stem}
        names = self._names
        pk_of.update((key, names[key]) for key in keys if key in names)
        if titles := [key for key in keys if key.startswith(TITLE_MARK) and key not in pk_of]:
            pk_of.update(TITLES.rows(titles))
        places = self._places(sorted(pk_of.values())) if pk_of else {}
        return {
            key: self._term(pk_of[key], places[pk_of[key]]) if pk_of.get(key) in places else NOWHERE for key in keys
        }

    def _places(self, terms: list[int]) -> dict[int, dict[int, list[int]]]:
        """Return the bits of public entries by term and bit length of the weight. One query, all rows at once."""
        entries: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for pk, entry, weight in POSTINGS.rows(terms):
            entries[pk, weight.bit_length()].append(entry)
        places: dict[int, dict[int, list[int]]] = {}
        bit_of = self.bit_of_entry.get
        for (pk, level), found in entries.items():
            if public := [bit for bit in map(bit_of, found) if bit is not None]:
                places.setdefault(pk, {})[level] = public
        return places

    def _term(self, pk: int, places: dict[int, list[int]]) -> Term:
        levels = tuple((level, mask_of(places[level], self.size)) for level in sorted(places, reverse=True))
        mask = 0
        for _level, part in levels:
            mask |= part
        return Term(pk, mask, levels)

    def _keep(self, key: str, term: Term) -> None:
        """Keep a term; the longest unused ones go when memory is full."""
        if key in self._kept:
            return
        self._kept[key] = term
        self._bytes += _bytes_of(term)
        while self._bytes > MAX_BYTES and len(self._kept) > 1:
            _key, gone = self._kept.popitem(last=False)
            self._bytes -= _bytes_of(gone)


def universe(version: str, *, on: date, offers: Mapping[int, int] | None = None) -> Universe:
    """Return the public entries for this version and day; four queries when they are new.

    ``offers`` gives the bit of each public offer by its id. None takes every offer there is, drafts
    as well: only for staff.
    """
    name = "search-entries" if offers is not None else "search-entries-staff"
    return derived(name, (version, on, settings.SHOW_EXAMPLE_DATA), lambda: _build(on, offers))


def _build(on: date, offers: Mapping[int, int] | None) -> Universe:
    kind = SearchEntry.Kind
    public: dict[str, set[int]] = {
        kind.CONTACT_POINT: set(ContactPoint.objects.published(on=on).values_list("pk", flat=True)),
        kind.AGENCY: set(Agency.objects.published(on=on).filter(is_gap=False).values_list("pk", flat=True)),
    }
    rows = SearchEntry.objects.order_by("kind", "object_id").values_list("pk", "kind", "object_id")
    size = max(offers.values(), default=-1) + 1 if offers else 0
    bit_of_entry: dict[int, int] = {}
    of_kind: dict[str, list[int]] = {}
    for pk, name, object_id in rows.iterator(CHUNK):
        if name == kind.OFFER and offers is not None:
            bit = offers.get(object_id)
            if bit is None:
                continue
        elif name in public and object_id not in public[name]:
            continue
        else:
            bit, size = size, size + 1
        bit_of_entry[pk] = bit
        of_kind.setdefault(name, []).append(bit)
    kinds = {name: mask_of(found, size) for name, found in of_kind.items()}
    stems = SearchTerm.objects.exclude(text__startswith=TITLE_MARK).order_by().values_list("text", "pk")
    return Universe(bit_of_entry, kinds, size, dict(stems.iterator(CHUNK)))


def _bytes_of(term: Term) -> int:
    return ENTRY_BYTES + getsizeof(term.mask) + sum(getsizeof(mask) for _level, mask in term.levels)
