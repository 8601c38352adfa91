"""Closing times by hand. Who closes and who books wait for each other: both hold the rules meanwhile."""

from datetime import datetime, time, timedelta

from counseling.models import Booking, SlotBlock, SlotRule
from counseling.slots import Slot
from directory.opening import BERLIN


def booked_within(block: SlotBlock, *, at: datetime) -> list[datetime]:
    """Return when appointments still to come lie in a time that shall be closed. Call it inside a transaction.

    It waits for whoever is booking at the moment; who books later sees the row that is being saved.
    """
    rules = SlotRule.objects.filter(agency=block.agency_id)
    if block.rule_id:
        rules = rules.filter(pk=block.rule_id)
    held = list(rules.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    start = datetime.combine(block.on, time(), BERLIN)
    end = datetime.combine(block.on + timedelta(days=1), time(), BERLIN)
    rows = Booking.objects.filter(
        rule__in=held, state=Booking.State.BOOKED, starts_at__gte=max(start, at), starts_at__lt=end
    ).order_by("starts_at")
    moments = rows.values_list("starts_at", "ends_at")
    return [start for start, end in moments if block.covers(Slot(start, end))]


def is_closed(rule: SlotRule, slot: Slot) -> bool:
    """Whether a time was closed by hand. One query."""
    day = slot.starts_at.astimezone(BERLIN).date()
    return any(block.covers(slot) for block in SlotBlock.objects.of_rules([rule]).filter(on=day))
