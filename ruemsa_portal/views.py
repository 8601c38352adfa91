"""Home, information pages, exit route, error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The front door."""
    return render(request, "ruemsa_portal/home.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was open too long, and keep the way back."""
    return render(request, "403_csrf.html", status=403)
