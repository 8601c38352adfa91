"""A finding as JSON-able data, in the words of the public contract.

Contact points are not known here; the caller adds ``contact_point`` to the
door and to each helper.
"""

from __future__ import annotations

from datetime import date

from counseling.finder.resolve import DatedDeadline, Finding, Reason


def finding_to_json(finding: Finding, *, rule_set: int | None = None) -> dict[str, object]:
    """Return the finding in the shape of ``POST /api/zustaendigkeit``.

    Absent values are ``None``, lists are never absent. Texts are those of the
    finding's view. ``rule_set`` is the number of the active version.
    """
    view = finding.view
    lead = finding.lead
    return {
        "concern": finding.situation.concern,
        "on": finding.on.isoformat(),
        "door": {
            "body": finding.body,
            "probable": finding.probable,
            "for": (lead.what_for.for_view(view) or None) if lead else None,
            "alternatives": list(finding.alternatives),
        },
        "also": [
            {"body": helper.body, "name": helper.name or None, "for": helper.text.for_view(view)}
            for helper in finding.also
        ],
        "not": [{"body": other.body, "because": other.because.for_view(view)} for other in finding.not_],
        "reasons": [_reason(reason) for reason in finding.reasons],
        "protective": list(finding.protective),
        "deadlines": [_deadline(deadline, view) for deadline in finding.deadlines],
        "offers": [{"slug": hint.key, "because": hint.because.for_view(view)} for hint in finding.offers],
        "would_change": list(finding.would_change),
        "next_question": finding.next_question,
        "rule_set": rule_set,
    }


def _reason(reason: Reason) -> dict[str, object]:
    rule = reason.rule
    return {
        "rule": rule.key,
        "facts": list(reason.facts),
        "legal_basis": rule.legal_basis or None,
        "source": rule.source[0] if rule.source else None,
        "sources": list(rule.source),
        "legal_state": rule.legal_state or None,
        "valid_from": _date(rule.valid_from),
        "valid_to": _date(rule.valid_to),
        "checked_on": _date(rule.checked_on),
        "under_review": rule.under_review,
    }


def _deadline(dated: DatedDeadline, view: str) -> dict[str, object]:
    return {"text": dated.deadline.text.for_view(view), "date": _date(dated.date)}


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None
