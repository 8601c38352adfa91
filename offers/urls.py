"""Public addresses."""

from django.urls import path

from offers import views, views_bookmarks

app_name = "offers"

urlpatterns = [
    path("angebote/", views.offer_list, name="list"),
    path("angebote/<slug:slug>/", views.offer_detail, name="detail"),
    path("angebote/<slug:slug>/fristen.ics", views.offer_deadlines, name="deadlines"),
    path("angebote/<slug:slug>/qr.svg", views.offer_qr, name="qr"),
    path("merkliste/", views_bookmarks.bookmarks, name="bookmarks"),
    path("api/angebote", views.offer_api, name="api"),
]
