"""Public addresses."""

from django.urls import URLPattern, path

from counseling.views import answer, api, appointments, enquiries, finder, poster, responsible

app_name = "counseling"

urlpatterns: list[URLPattern] = [
    path("zustaendigkeit/", finder.finder, name="finder"),
    path("zustaendigkeit/fristen.ics", finder.deadlines, name="deadlines"),
    path("beratung/anfrage/", enquiries.enquiry, name="enquiry"),
    path("beratung/termin/", appointments.appointment, name="appointment"),
    path("beratung/verantwortlich/", responsible.responsible, name="responsible"),
    path("fachkraefte/aushang/", poster.poster, name="poster"),
    path("antwort/", answer.answer, name="answer"),
    path("api/zustaendigkeit", api.responsibility, name="api"),
    path("api/zustaendigkeit/fragen", api.questions, name="api_questions"),
    path("api/openapi.json", api.openapi, name="api_openapi"),
]
