"""Figures for the monitoring of the county, in the text format of Prometheus; only for networks that are named."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import JobRun, OutboxMessage
from accounts.outbox import oldest_due
from accounts.throttle import source_of
from directory.models import ContentVersion
from ruemsa_portal.condition import Grade, condition
from ruemsa_portal.counters import BUCKETS, Counts, all_counts

FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures; 404 for anybody outside METRICS_NETWORKS, as if there were nothing."""
    if not is_inside(source_of(request) or str(request.META.get("REMOTE_ADDR", ""))):
        raise Http404
    lines = [*_requests(all_counts(Path(settings.METRICS_DIR))), *_state(timezone.now())]
    return HttpResponse("\n".join(lines) + "\n", content_type=FORMAT)


def is_inside(address: str) -> bool:
    """Say whether the address belongs to one of the networks that may ask."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in settings.METRICS_NETWORKS)


def _requests(counts: Counts) -> Iterator[str]:
    yield "# HELP portal_requests_total Answers by name of the view and status, of every process since the start."
    yield "# TYPE portal_requests_total counter"
    for key, number in sorted(counts.requests.items()):
        view, _, status = key.rpartition(" ")
        yield f'portal_requests_total{{view="{view}",status="{status}"}} {number}'
    yield "# HELP portal_request_seconds Time until the answer was ready, by name of the view."
    yield "# TYPE portal_request_seconds histogram"
    for view in sorted(counts.seconds):
        total = 0
        for index, end in enumerate([*map(str, BUCKETS), "+Inf"]):
            total += counts.times[f"{view} {index}"]
            yield f'portal_request_seconds_bucket{{view="{view}",le="{end}"}} {total}'
        yield f'portal_request_seconds_sum{{view="{view}"}} {counts.seconds[view]:.6f}'
        yield f'portal_request_seconds_count{{view="{view}"}} {total}'


def _state(at: datetime) -> Iterator[str]:
    """Yield how the installation is. Without a database only that."""
    yield "# HELP portal_condition 0 fine, 1 should be looked at, 2 must be mended; as manage.py doctor says."
    yield "# TYPE portal_condition gauge"
    for line in condition(at=at):
        yield f'portal_condition{{name="{line.name}"}} {list(Grade).index(line.grade)}'
    try:
        yield from _rows(at)
    except Error:
        return


def _rows(at: datetime) -> Iterator[str]:
    oldest = oldest_due(at=at)
    yield "# TYPE portal_outbox_oldest_seconds gauge"
    yield f"portal_outbox_oldest_seconds {max(0, int((at - oldest).total_seconds())) if oldest else 0}"
    yield "# TYPE portal_outbox_rows gauge"
    for state, number in OutboxMessage.objects.order_by("state").values_list("state").annotate(n=Count("pk")):
        yield f'portal_outbox_rows{{state="{state}"}} {number}'
    yield "# HELP portal_job_done_timestamp_seconds When a job last ended well: purge, backup and the others."
    yield "# TYPE portal_job_done_timestamp_seconds gauge"
    for name, done_at in JobRun.objects.exclude(done_at=None).order_by("name").values_list("name", "done_at"):
        yield f'portal_job_done_timestamp_seconds{{job="{name}"}} {int(done_at.timestamp()) if done_at else 0}'
    version = ContentVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    yield "# HELP portal_content_version Rises with everything that is published."
    yield "# TYPE portal_content_version gauge"
    yield f"portal_content_version {version}"
