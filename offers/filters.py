"""What a visitor chose in the list of offers."""

from dataclasses import dataclass, replace

from directory.places import Place

UNKNOWN_FACETS = ("alter", "abschluss", "ort", "kosten", "antrag", "sprache")


@dataclass(frozen=True, slots=True)
class OfferFilters:
    """The selection, typed. Empty means: does not matter.

    ``include_unknown`` names the facets for which offers with an unknown fact are
    wanted as well; without it they are left out, and the page says how many.
    ``literal`` searches exactly the typed words, without correcting them.
    """

    text: str = ""
    literal: bool = False
    kinds: tuple[str, ...] = ()
    decider: str = ""
    age: int | None = None
    certificate: str = ""
    situation: str = ""
    place: Place | None = None
    radius_km: int | None = None
    is_free: bool = False
    without_application: bool = False
    is_remote: bool = False
    language: str = ""
    starts_soon: bool = False
    include_unknown: frozenset[str] = frozenset()
    sort: str = "passend"

    def active(self) -> tuple[str, ...]:
        """Names of the filters that narrow the list."""
        names = (
            "text", "kinds", "decider", "age", "certificate", "situation", "radius_km",
            "is_free", "without_application", "is_remote", "language", "starts_soon",
        )  # fmt: skip
        # 0 is an age, so emptiness is asked by identity where values compare equal.
        values = ((name, getattr(self, name)) for name in names)
        return tuple(
            name for name, value in values if value is not None and value is not False and value not in ("", ())
        )

    def without(self, name: str) -> "OfferFilters":
        """The same selection with one filter taken away."""
        empty = OfferFilters()
        return replace(self, **{name: getattr(empty, name)})
