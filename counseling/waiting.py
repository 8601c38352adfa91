"""Rules that wait for an agency to say that they are right, as part of the queue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from counseling.approvals import changes
from counseling.finder import Rule
from counseling.models import ResponsibilityRule, RuleSet, SignOff
from counseling.models.records import BrokenRecordError, rule_of
from directory.queue import Waiting
from directory.rights import agency_of


def open_rules(*, agencies: frozenset[int] | None) -> list[tuple[RuleSet, int, int]]:
    """Return (draft, agency, number of rules) for every checked draft with rules an agency has not signed.

    One query where nothing is to be signed, else three, however many drafts and agencies there are.
    """
    sets = list(RuleSet.objects.filter(Q(status=RuleSet.Status.CHECKED) | Q(active_from__isnull=False)))
    drafts = [rule_set for rule_set in sets if rule_set.status == RuleSet.Status.CHECKED]
    if not drafts:
        return []
    released = [rule_set for rule_set in sets if rule_set.active_from is not None]
    newest = max(released, key=lambda found: (found.active_from, found.number), default=None)
    wanted = [rule_set.pk for rule_set in (*drafts, *([newest] if newest else []))]
    rows: dict[int, list[ResponsibilityRule]] = {key: [] for key in wanted}
    for row in ResponsibilityRule.objects.filter(rule_set__in=wanted).select_related("owner"):
        rows[row.rule_set_id].append(row)
    signed = {
        (rule_set, slug, fingerprint)
        for rule_set, slug, prints in SignOff.objects.filter(rule_set__in=drafts).values_list(
            "rule_set_id", "agency__slug", "fingerprints"
        )
        for fingerprint in prints
    }
    keys = {row.owner.slug: row.owner.pk for found in rows.values() for row in found if row.owner}
    before = _rules(rows[newest.pk]) if newest else []
    result = []
    for draft in drafts:
        number: dict[str, set[str]] = {}
        for row in rows[draft.pk]:
            if row.under_review and row.owner:
                number.setdefault(row.owner.slug, set()).add(row.key)
        for change in changes(before, _rules(rows[draft.pk])):
            if (draft.pk, change.owner, change.fingerprint) not in signed and change.owner:
                number.setdefault(change.owner, set()).add(change.key)
        result += [(draft, keys[slug], len(found)) for slug, found in sorted(number.items())]
    return [item for item in result if agencies is None or item[1] in agencies]


def _rules(rows: Sequence[ResponsibilityRule]) -> list[Rule]:
    """Return the rules the finder can read; a checked draft has no others."""
    found = []
    for row in rows:
        try:
            found.append(rule_of(row))
        except BrokenRecordError:
            continue
    return found


class SignOffsWaiting:
    """Drafts whose rules the own agency has to sign; whoever made the draft cannot."""

    kind = "sign_off"
    label = _("Regeln freigeben")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return one piece for each draft: an agency signs for itself only, the coordination too."""
        agency = agency_of(user)
        if agency is None or not user.has_perm("counseling.sign_off_rules"):
            return []
        found = [item for item in open_rules(agencies=frozenset({agency.pk})) if item[0].created_by_id != user.pk]
        return [self._piece(*item) for item in found[:limit]]

    def _piece(self, draft: RuleSet, agency: int, number: int) -> Waiting:
        words = ngettext("%(n)d Regel", "%(n)d Regeln", number) % {"n": number}
        return Waiting(
            kind=self.kind,
            title=gettext("%(set)s: %(rules)s ansehen und freigeben") % {"set": draft, "rules": words},
            url=reverse("admin:counseling_ruleset_sign_off", args=[draft.pk]),
            agency=agency,
            since=timezone.localdate(draft.created_at),
        )

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many rules wait at each agency."""
        found: dict[int | None, int] = {}
        for _draft, agency, number in open_rules(agencies=agencies):
            found[agency] = found.get(agency, 0) + number
        return found


SIGN_OFFS = SignOffsWaiting()
