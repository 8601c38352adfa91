"""What the portal does by itself, and when. ``manage.py run_jobs`` runs it."""

from datetime import time, timedelta
from functools import partial

from django.conf import settings
from django.core.management import call_command

from accounts.jobs import Job

JOBS: tuple[Job, ...] = (
    Job("send_outbox", partial(call_command, "send_outbox"), every=timedelta(minutes=1)),
    Job("release_changes", partial(call_command, "release_changes"), every=timedelta(minutes=15)),
    Job("purge", partial(call_command, "purge"), daily_at=time(3, 10)),
    Job("check_links", partial(call_command, "check_links"), daily_at=time(4, 0)),
    *([Job("backup", partial(call_command, "backup"), daily_at=time(2, 30))] if settings.BACKUP_DIR else []),
    # Mails to people go out when the day begins for them.
    Job("remind_owners", partial(call_command, "remind_owners"), daily_at=time(7, 0)),
)
