"""Public addresses."""

from django.urls import URLPattern, path

from counseling.views import api, finder

app_name = "counseling"

urlpatterns: list[URLPattern] = [
    path("zustaendigkeit/", finder.finder, name="finder"),
    path("zustaendigkeit/fristen.ics", finder.deadlines, name="deadlines"),
    path("api/zustaendigkeit", api.responsibility, name="api"),
    path("api/zustaendigkeit/fragen", api.questions, name="api_questions"),
    path("api/openapi.json", api.openapi, name="api_openapi"),
]
