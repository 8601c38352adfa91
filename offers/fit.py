"""Says why an offer fits, does not fit, or that nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from offers.filters import OfferFilters
from offers.models import Certificate, Offer

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True, slots=True)
class FitLine:
    """One reason: verdict yes, no or unknown, and the sentence."""

    verdict: str
    text: str


def age_text(low: int | None, high: int | None, state: str) -> str:
    """Say the age limits in words."""
    if state == Offer.AgeState.NONE:
        return _("für jedes Alter")
    if state == Offer.AgeState.UNKNOWN or (low is None and high is None):
        return _("Alter: wissen wir noch nicht")
    if low is not None and high is not None:
        return _("%(low)s bis %(high)s Jahre") % {"low": low, "high": high}
    return _("ab %(low)s Jahren") % {"low": low} if low is not None else _("bis %(high)s Jahre") % {"high": high}


def fit_lines(
    row: Mapping[str, Any], filters: OfferFilters, *, situations: Mapping[str, str], km: float | None
) -> list[FitLine]:
    """Return the reasons for what the visitor chose.

    ``row`` holds the offer's facts as in ``Offer.values()``; ``situations`` maps the
    offer's situations to their sentence; ``km`` is the distance of its nearest place.
    """
    lines = []
    if filters.age is not None:
        lines.append(_age_line(row, filters.age))
    if filters.certificate:
        lines.append(_certificate_line(row, filters.certificate))
    if filters.situation:
        lines.append(_situation_line(situations, filters.situation))
    if filters.place:
        lines.append(_place_line(row, filters.place.name, km))
    return lines


def _age_line(row: Mapping[str, Any], age: int) -> FitLine:
    state, low, high = row["age_state"], row["age_min"], row["age_max"]
    if state == Offer.AgeState.UNKNOWN:
        return FitLine(UNKNOWN, _("Ob es mit %(age)s geht, wissen wir noch nicht. Frag nach.") % {"age": age})
    if state == Offer.AgeState.NONE:
        return FitLine(YES, _("Dein Alter ist hier egal."))
    if low is not None and age < low:
        return FitLine(NO, _("Es geht erst ab %(low)s. Du bist %(age)s.") % {"low": low, "age": age})
    if high is not None and age > high:
        return FitLine(NO, _("Es geht nur bis %(high)s. Du bist %(age)s.") % {"high": high, "age": age})
    return FitLine(YES, _("Passt zu deinem Alter: %(text)s.") % {"text": age_text(low, high, state)})


def _certificate_line(row: Mapping[str, Any], certificate: str) -> FitLine:
    label = Certificate(certificate).label
    if not row["certificates"]:
        return FitLine(UNKNOWN, _("Welchen Abschluss man braucht, wissen wir noch nicht. Frag nach."))
    if len(row["certificates"]) == len(Certificate):
        return FitLine(YES, _("Dein Abschluss ist hier egal."))
    if certificate in row["certificates"]:
        return FitLine(YES, _("Geht mit: %(label)s.") % {"label": label})
    return FitLine(NO, _("Ist für andere gedacht, nicht für: %(label)s.") % {"label": label})


def _situation_line(situations: Mapping[str, str], chosen: str) -> FitLine:
    if chosen in situations:
        return FitLine(YES, _("Passt zu: %(situation)s") % {"situation": situations[chosen]})
    # A missing tag excludes nobody: it only says that the offer was not made for this.
    return FitLine(UNKNOWN, _("Für deine Lage ist es nicht extra gemacht. Lies nach, ob es dir trotzdem hilft."))


def _place_line(row: Mapping[str, Any], place: str, km: float | None) -> FitLine:
    if row["reach"] == Offer.Reach.EVERYWHERE:
        return FitLine(YES, _("Gibt es überall im Landkreis."))
    if row["reach"] == Offer.Reach.ONLINE:
        return FitLine(YES, _("Geht online, egal wo du wohnst."))
    if km is None:
        return FitLine(UNKNOWN, _("Wo es das gerade gibt, wissen wir noch nicht. Frag nach."))
    return FitLine(YES, _("Etwa %(km)s km von %(place)s, Luftlinie.") % {"km": max(1, round(km)), "place": place})
