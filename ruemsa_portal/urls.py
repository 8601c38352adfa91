"""All addresses: includes and error handlers only."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe

from ruemsa_portal import health, search_views, views
from ruemsa_portal.metrics import metrics
from ruemsa_portal.sitemaps import SITEMAPS
from ruemsa_portal.texts import PAGE_SLUGS

urlpatterns = [
    path("", views.home, name="home"),
    path("suche/", search_views.search, name="search"),
    path("suche/vorschlaege/", search_views.search_suggestions, name="search_suggestions"),
    path("eltern/", views.parents, name="parents"),
    path("fachkraefte/", views.professionals, name="professionals"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    re_path(rf"^(?P<slug>{'|'.join(PAGE_SLUGS)})/$", views.page, name="page"),
    path("raus/", views.leave, name="exit"),
    path("spuren-im-handy/", views.traces, name="traces"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("", include("counseling.urls")),
    path("", include("offers.urls")),
    path("", include("directory.urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/metrics", metrics, name="health_metrics"),
]

handler400 = "ruemsa_portal.views.bad_request"
handler403 = "ruemsa_portal.views.permission_denied"
handler404 = "ruemsa_portal.views.page_not_found"
handler500 = "ruemsa_portal.views.server_error"
