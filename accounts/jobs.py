"""Jobs that run by themselves: when each is due, and that only one process does it.

A job is due by the clock on the wall in Berlin. Who wants to run it first changes its row, and
only from the state he saw; whoever comes second changes nothing and leaves it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import JobRun

# A job that has not ended after so long lost its process; the next one may begin.
LOST_AFTER = timedelta(hours=2)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` does it. Either every so often, or once a day from a time on (wall time)."""

    name: str
    run: Callable[[], object]
    every: timedelta | None = None
    daily_at: time | None = None

    def is_due(self, last: datetime | None, *, at: datetime) -> bool:
        """Say whether it should begin now; ``last`` is when it last began."""
        if last is None:
            return True
        if self.every is not None:
            return at - last >= self.every
        today = timezone.make_aware(datetime.combine(timezone.localdate(at), self.daily_at or time()))
        return at >= today > last


def run_due(jobs: tuple[Job, ...], *, at: datetime) -> list[str]:
    """Run what is due, one after the other, and return the names of those that ended well."""
    done = []
    for job in jobs:
        if not claim(job, at=at):
            continue
        try:
            job.run()
        except Exception:
            # One job that fails must not keep the others from running; the log and its row say so.
            logger.exception("job %s failed", job.name)
            continue
        JobRun.objects.filter(name=job.name).update(done_at=timezone.now())
        done.append(job.name)
    return done


def claim(job: Job, *, at: datetime) -> bool:
    """Note that the job begins now; False when it is not due or somebody else was faster."""
    row = JobRun.objects.filter(name=job.name).first()
    if row is None:
        try:
            with transaction.atomic():
                JobRun.objects.create(name=job.name, began_at=at)
        except IntegrityError:
            return False
        return True
    is_running = (row.done_at is None or row.done_at < row.began_at) and at - row.began_at < LOST_AFTER
    waits = job.every is not None and is_running
    if waits or not job.is_due(row.began_at, at=at):
        return False
    return bool(JobRun.objects.filter(pk=row.pk, began_at=row.began_at).update(began_at=at))
