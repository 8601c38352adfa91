"""The smallest Django there is: one view that returns a constant. What every figure is compared with."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"], DATABASES={}, LOGGING_CONFIG=None, MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="bare" * 12
)


def constant(request: HttpRequest) -> HttpResponse:
    """Return always the same."""
    return HttpResponse("constant")


urlpatterns = [path("", constant)]
application = get_wsgi_application()
