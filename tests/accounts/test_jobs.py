"""Jobs run when they are due, once, and one that fails keeps no other from running."""

from datetime import datetime, time, timedelta

import pytest
from django.core.management import call_command, get_commands
from django.utils import timezone

from accounts.jobs import LOST_AFTER, Job, claim, run_due
from accounts.models import JobRun
from ruemsa_portal.jobs import JOBS


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


MINUTELY = Job("m", lambda: None, every=timedelta(minutes=1))
DAILY = Job("d", lambda: None, daily_at=time(3, 10))


@pytest.mark.parametrize(
    ("job", "last", "now", "due"),
    [
        (MINUTELY, None, "2026-11-22 12:00", True),
        (MINUTELY, "2026-11-22 12:00", "2026-11-22 12:00:59", False),
        (MINUTELY, "2026-11-22 12:00", "2026-11-22 12:01", True),
        (DAILY, None, "2026-11-22 12:00", True),
        (DAILY, "2026-11-22 03:10", "2026-11-22 23:59", False),
        (DAILY, "2026-11-22 03:10", "2026-11-23 03:09", False),
        (DAILY, "2026-11-22 03:10", "2026-11-23 03:10", True),
        (DAILY, "2026-11-22 12:00", "2026-11-23 03:10", True),  # begun late after an outage: in time the next day
        (DAILY, "2026-11-20 03:10", "2026-11-23 02:00", False),
        (DAILY, "2027-03-27 03:10", "2027-03-28 03:10", True),  # the night without the hour from two to three
        (DAILY, "2027-10-30 03:10", "2027-10-31 03:10", True),
    ],
)
def test_due(job: Job, last: str | None, now: str, due: bool) -> None:
    assert job.is_due(at(last) if last else None, at=at(now)) is due


def test_only_one_process_runs_a_job(db: None) -> None:
    now = at("2026-11-22 12:00")
    assert [claim(MINUTELY, at=now), claim(MINUTELY, at=now)] == [True, False]
    # Due again, but the first run has not ended.
    later = now + timedelta(minutes=5)
    assert claim(MINUTELY, at=later) is False
    JobRun.objects.update(done_at=now + timedelta(seconds=20))
    assert [claim(MINUTELY, at=later), claim(MINUTELY, at=later)] == [True, False]


def test_job_whose_process_died_begins_again(db: None) -> None:
    now = at("2026-11-22 12:00")
    assert claim(MINUTELY, at=now)
    assert claim(MINUTELY, at=now + LOST_AFTER)


def test_job_that_fails_keeps_no_other_from_running(db: None, caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def broken() -> None:
        raise RuntimeError("kaputt")

    jobs = (Job("broken", broken, every=timedelta(0)), Job("fine", lambda: ran.append(1), every=timedelta(0)))
    assert run_due(jobs, at=timezone.now()) == ["fine"]
    assert ran == [1]
    assert "job broken failed" in caplog.text
    assert JobRun.objects.get(name="broken").done_at is None
    assert JobRun.objects.get(name="fine").done_at is not None


def test_every_job_is_a_command_and_the_second_pass_does_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert {job.name for job in JOBS} <= set(get_commands())
    JobRun.objects.create(name="check_links", began_at=timezone.now(), done_at=timezone.now())  # needs a network
    call_command("run_jobs")
    assert JobRun.objects.filter(done_at__isnull=False).count() == len(JOBS)
    capsys.readouterr()
    call_command("run_jobs")
    assert capsys.readouterr().out == ""
