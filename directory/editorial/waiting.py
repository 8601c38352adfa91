"""What waits for somebody: changes to review, and those that came back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.editorial.shapes import Shape, shapes
from directory.models import Change, Role
from directory.queue import Waiting
from directory.rights import role_of

State = Change.State
KIND = "review"


def _within(shape: Shape, kind: ContentType, agencies: frozenset[int] | None) -> Q:
    """Changes of items of one kind that belong to these agencies; pages belong to the coordination."""
    if agencies is None:
        return Q(content_type=kind)
    if shape.agency_path is None:
        return Q(pk__in=())
    own = shape.model._base_manager.filter(**{f"{shape.agency_path}__in": agencies})
    return Q(content_type=kind, object_id__in=own.values("pk"))


def _changes(agencies: frozenset[int] | None) -> QuerySet[Change]:
    kinds = ContentType.objects.get_for_models(*(shape.model for shape in shapes()))
    within = Q(pk__in=())
    for shape in shapes():
        within |= _within(shape, kinds[shape.model], agencies)
    unfinished = Q(state=State.DRAFT) & ~Q(snapshot={})
    return Change.objects.filter(within, Q(state__in=(State.REVIEW, State.SENT_BACK)) | unfinished)


class Reviews:
    """Changes that were handed in, for whoever releases; those sent back or left lying, for whoever wrote them."""

    kind = KIND
    label = gettext_lazy("Änderungen prüfen")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return the longest waiting first. Two queries."""
        role = role_of(user)
        if not user.is_superuser and role in (None, Role.COUNSELOR):
            return []
        may_release = user.is_superuser or role in (Role.LEAD, Role.COORDINATOR)
        rows = _changes(agencies).defer("base", "snapshot").select_related("content_type", "agency")
        wanted = []
        for row in rows.order_by("updated_at")[: limit * 4]:
            is_own, asks = user.pk in row.authors, row.agency is not None and row.agency.four_eyes
            is_for_review = row.state == State.REVIEW and (not asks or (may_release and not is_own))
            if is_for_review or (row.state != State.REVIEW and is_own):
                wanted.append(row)
        wanted = wanted[:limit]
        names = _names(wanted)
        return [self._line(row, names) for row in wanted if (row.content_type_id, row.object_id) in names]

    def _line(self, row: Change, names: dict[tuple[int, int], str]) -> Waiting:
        model: Any = row.content_type.model_class()
        name = names[row.content_type_id, row.object_id]
        said = {State.SENT_BACK: _("zurückgegeben"), State.DRAFT: _("noch nicht freigegeben")}
        words = said.get(State(row.state), _("bitte prüfen"))
        return Waiting(
            kind=KIND,
            title=f"{name} – {words}",
            url=reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_review", args=[row.object_id]),
            agency=row.agency_id,
            since=row.updated_at.date(),
        )

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many wait at each agency."""
        found = Change.objects.filter(state__in=(State.REVIEW, State.SENT_BACK))
        if agencies is not None:
            found = found.filter(agency__in=agencies)
        return dict(found.order_by().values_list("agency").annotate(number=Count("pk")))


def _names(rows: Sequence[Change]) -> dict[tuple[int, int], str]:
    """Return how the items are called, all kinds in one query."""
    parts = []
    for kind in {row.content_type for row in rows}:
        model: Any = kind.model_class()
        keys = [row.object_id for row in rows if row.content_type_id == kind.pk]
        name = next(row.name for row in model._meta.concrete_fields if row.name in ("name", "title"))
        named = model._base_manager.filter(pk__in=keys).order_by()
        parts.append(named.annotate(of_kind=Value(kind.pk), called=F(name)).values_list("of_kind", "pk", "called"))
    if not parts:
        return {}
    return {(kind, key): called for kind, key, called in parts[0].union(*parts[1:], all=True)}


REVIEWS = Reviews()
