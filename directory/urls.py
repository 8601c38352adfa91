"""Public addresses."""

from django.urls import URLPattern, path

from directory.views import agencies, api, confirm, contact_points, places, reports

app_name = "directory"

urlpatterns: list[URLPattern] = [
    path("anlaufstellen/", contact_points.contact_point_list, name="contact_points"),
    path("anlaufstellen/<slug:slug>/", contact_points.contact_point_detail, name="contact_point"),
    path("anlaufstellen/<slug:slug>/kontakt.vcf", contact_points.contact_point_vcard, name="contact_point_vcard"),
    path("stellen/<slug:slug>/", agencies.agency_detail, name="agency"),
    path("glossar/", agencies.glossary, name="glossary"),
    path("orte/", places.place_search, name="places"),
    path("angaben/", confirm.confirm, name="confirm"),
    path("angaben/danke/", confirm.confirm_done, name="confirm_done"),
    path("hinweis/", reports.report, name="report"),
    path("hinweis/danke/", reports.thanks, name="report_thanks"),
    path("api/anlaufstellen", api.contact_point_api, name="api_contact_points"),
]
