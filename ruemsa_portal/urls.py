"""All addresses: includes and error handlers only."""

from django.contrib import admin
from django.urls import include, path

from ruemsa_portal import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("counseling.urls")),
    path("", include("offers.urls")),
    path("", include("directory.urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
