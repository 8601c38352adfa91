"""Public addresses."""

from django.urls import URLPattern

app_name = "counseling"

urlpatterns: list[URLPattern] = []
