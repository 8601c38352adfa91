"""Every kind of public address, once. The site-wide tests and ``make audit`` walk through this list.

A new URL pattern without an entry fails ``test_pages.py``. Addresses name records of the
county's own folder, so that the same list works in tests, against a server and by hand.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

OFFER = "eq"
POINT = settings.REGION["coordination_point"]
OTHER_POINT = settings.REGION["youth_office_point"]
FACTS = "concern=seeking_training&age=17&place=15083270&status=left_school&certificate=hsa"
RESULT = f"{FACTS}&ergebnis=1"
AGENCY = settings.REGION["youth_office_agency"]


@dataclass(frozen=True)
class PublicPage:
    """One address and what it must answer.

    ``route`` is the URL name; empty where no pattern is meant to match. ``audience`` says
    whose reading limit holds: youth, parents, staff (none), law (exempt). ``form`` is sent by
    POST. ``media`` is the type the answer declares.
    """

    name: str
    path: str
    route: str
    status: int = 200
    audience: str = "youth"
    form: dict[str, Any] | None = None
    media: str = "text/html"

    @property
    def is_html(self) -> bool:
        """True for pages, false for files, data and redirects."""
        return self.media == "text/html" and self.status not in (301, 302)

    def open(self, client: Any) -> Any:
        """Ask with Django's test client as a browser would; redirects are not followed."""
        headers = {"accept": self.media}
        if self.form is None:
            return client.get(self.path, headers=headers)
        return client.post(self.path, self.form, headers=headers)


PAGES = [
    PublicPage("home", "/", "home"),
    PublicPage("search-empty", "/suche/", "search"),
    PublicPage("search", "/suche/?q=ausbildung", "search"),
    PublicPage("search-nothing", "/suche/?q=xyzzyquux", "search"),
    PublicPage("search-corrected", "/suche/?q=pratikum", "search"),
    PublicPage("search-place", "/suche/?q=praktikum+wolmirstedt", "search"),
    PublicPage("search-concern", "/suche/?q=ausbildung+suchen", "search"),
    PublicPage("search-private-concern", "/suche/?q=stress+zu+hause", "search"),
    PublicPage("search-cut", "/suche/?q=" + "ausbildung+praktikum+" * 6, "search"),
    PublicPage("search-suggestions", "/suche/vorschlaege/?q=prak", "search_suggestions", media="application/json"),
    PublicPage("offers", "/angebote/", "offers:list"),
    PublicPage("offers-page-2", "/angebote/?seite=2", "offers:list"),
    PublicPage(
        "offers-filtered", "/angebote/?q=ausbildung&ort=Haldensleben&umkreis=20&alter=17&abschluss=hsa", "offers:list"
    ),
    PublicPage("offers-found", "/angebote/?q=pratikum+altenpflge+wolmirstedt", "offers:list"),
    PublicPage("offers-empty", "/angebote/?q=xyzzyquux&alter=3", "offers:list"),
    PublicPage("offers-error", "/angebote/?alter=abc&umkreis=-1&ort=Nirgendwo&art=nix", "offers:list"),
    PublicPage("offers-place-choice", "/angebote/?ort=39326", "offers:list"),
    PublicPage("offer", f"/angebote/{OFFER}/", "offers:detail"),
    PublicPage("offer-fit", f"/angebote/{OFFER}/?alter=16&abschluss=hsa&ort=Haldensleben", "offers:detail"),
    PublicPage("offer-qr", f"/angebote/{OFFER}/qr.svg", "offers:qr", media="image/svg+xml"),
    PublicPage("bookmarks-empty", "/merkliste/", "offers:bookmarks"),
    PublicPage("bookmarks", "/merkliste/", "offers:bookmarks", form={"k": [f"o:{OFFER}", f"p:{POINT}"]}),
    PublicPage("bookmarks-broken", "/merkliste/?m=kaputt", "offers:bookmarks"),
    PublicPage("api-offers", "/api/angebote", "offers:api", media="application/json"),
    PublicPage("api-offers-error", "/api/angebote?alter=abc", "offers:api", status=400, media="application/json"),
    PublicPage("finder", "/zustaendigkeit/", "counseling:finder"),
    PublicPage("finder-door", "/zustaendigkeit/?tuer=schule", "counseling:finder"),
    PublicPage("finder-private-door", "/zustaendigkeit/", "counseling:finder", form={"tuer": "zuhause"}),
    PublicPage("finder-question", "/zustaendigkeit/?concern=seeking_training", "counseling:finder"),
    PublicPage("finder-question-error", "/zustaendigkeit/?concern=seeking_training&age=abc", "counseling:finder"),
    PublicPage("finder-place-error", "/zustaendigkeit/?concern=at_school&ort=Nirgendwo", "counseling:finder"),
    PublicPage("finder-result", f"/zustaendigkeit/?{RESULT}", "counseling:finder"),
    PublicPage("finder-result-unsure", "/zustaendigkeit/?concern=seeking_training&ergebnis=1", "counseling:finder"),
    PublicPage("finder-parents", f"/zustaendigkeit/?fuer=kind&{RESULT}", "counseling:finder", audience="parents"),
    PublicPage("finder-staff", f"/zustaendigkeit/?fuer=beruf&{RESULT}", "counseling:finder", audience="staff"),
    PublicPage("finder-private-question", "/zustaendigkeit/", "counseling:finder", form={"concern": "trouble_at_home"}),
    PublicPage(
        "finder-private-result",
        "/zustaendigkeit/",
        "counseling:finder",
        form={"concern": "trouble_at_home", "age": "15", "place": "15083270", "ergebnis": "1"},
    ),
    # Nobody has opened an inbox here, so a way to a person stands there instead of the form.
    PublicPage("enquiry", "/beratung/anfrage/", "counseling:enquiry"),
    PublicPage("enquiry-nobody-reads", f"/beratung/anfrage/?stelle={POINT}&thema=schule", "counseling:enquiry"),
    PublicPage(
        "enquiry-posted", "/beratung/anfrage/", "counseling:enquiry", form={"stelle": AGENCY, "message": "Hallo"}
    ),
    PublicPage("appointment", "/beratung/termin/", "counseling:appointment"),
    PublicPage("appointment-nobody-reads", f"/beratung/termin/?stelle={POINT}&ab=nie", "counseling:appointment"),
    PublicPage(
        "appointment-posted", "/beratung/termin/", "counseling:appointment", form={"stelle": AGENCY, "zeit": "1-x"}
    ),
    PublicPage("responsible", "/beratung/verantwortlich/", "counseling:responsible"),
    PublicPage("poster", "/fachkraefte/aushang/", "counseling:poster", audience="staff"),
    PublicPage("poster-error", "/fachkraefte/aushang/?stelle=nix&thema=nix", "counseling:poster", audience="staff"),
    PublicPage("answer", "/antwort/", "counseling:answer"),
    PublicPage("answer-error", "/antwort/", "counseling:answer", form={"code": "7KQ4M"}),
    PublicPage("answer-too-late", "/antwort/", "counseling:answer", form={"ticket": "alt"}),
    PublicPage("api-finder", f"/api/zustaendigkeit?{FACTS}", "counseling:api", media="application/json"),
    PublicPage(
        "api-finder-refused", "/api/zustaendigkeit?benefit=sgb2", "counseling:api", status=400, media="application/json"
    ),
    PublicPage(
        "api-finder-questions", "/api/zustaendigkeit/fragen", "counseling:api_questions", media="application/json"
    ),
    PublicPage("api-description", "/api/openapi.json", "counseling:api_openapi", media="application/json"),
    PublicPage("contact-points", "/anlaufstellen/", "directory:contact_points"),
    PublicPage(
        "contact-points-filtered",
        "/anlaufstellen/?ort=Oebisfelde&stufenlos=1&weg=in_person&sprache=de",
        "directory:contact_points",
    ),
    PublicPage(
        "contact-points-empty", "/anlaufstellen/?stelle=kammer&weg=video&stufenlos=1", "directory:contact_points"
    ),
    PublicPage("contact-points-error", "/anlaufstellen/?ort=Nirgendwo&weg=brieftaube", "directory:contact_points"),
    PublicPage("contact-points-outside", "/anlaufstellen/?ort=Magdeburg", "directory:contact_points"),
    PublicPage("contact-points-place-choice", "/anlaufstellen/?ort=39326", "directory:contact_points"),
    PublicPage("contact-point", f"/anlaufstellen/{POINT}/", "directory:contact_point"),
    PublicPage("contact-point-other", f"/anlaufstellen/{OTHER_POINT}/", "directory:contact_point"),
    PublicPage("agency", f"/stellen/{AGENCY}/", "directory:agency"),
    PublicPage("places", "/orte/", "directory:places"),
    PublicPage("places-choice", "/orte/?q=39326&weiter=angebote", "directory:places"),
    PublicPage("places-nothing", "/orte/?q=Nirgendwo", "directory:places"),
    PublicPage("places-outside", "/orte/?q=Magdeburg", "directory:places"),
    PublicPage("places-suggestions", "/orte/?q=39326", "directory:places", media="application/json"),
    PublicPage("api-contact-points", "/api/anlaufstellen", "directory:api_contact_points", media="application/json"),
    PublicPage("glossary", "/glossar/", "directory:glossary"),
    PublicPage("confirm-gone", "/angaben/?t=alt", "directory:confirm", status=410, audience="staff"),
    PublicPage("confirm-done", "/angaben/danke/", "directory:confirm_done", audience="staff"),
    PublicPage("report", f"/hinweis/?art=anlaufstelle&name={POINT}", "directory:report"),
    PublicPage("report-error", f"/hinweis/?art=angebot&name={OFFER}", "directory:report", form={"text": ""}),
    PublicPage("report-thanks", "/hinweis/danke/?art=seite&name=impressum", "directory:report_thanks"),
    PublicPage("parents", "/eltern/", "parents", audience="parents"),
    PublicPage("professionals", "/fachkraefte/", "professionals", audience="staff"),
    PublicPage("accessibility", "/barrierefreiheit/", "accessibility", audience="law"),
    PublicPage("accessibility-error", "/barrierefreiheit/", "accessibility", audience="law", form={"message": ""}),
    PublicPage("imprint", "/impressum/", "page", audience="law"),
    PublicPage("privacy", "/datenschutz/", "page", audience="law"),
    PublicPage("credits", "/credits/", "page", audience="law"),
    PublicPage("easy-language", "/leichte-sprache/", "page"),
    PublicPage("sign-language", "/gebaerdensprache/", "page"),
    PublicPage("about", "/ueber/", "page"),
    PublicPage("exit", "/raus/", "exit", status=302),
    PublicPage("traces", "/spuren-im-handy/", "traces"),
    PublicPage("robots", "/robots.txt", "robots", media="text/plain"),
    PublicPage("sitemap", "/sitemap.xml", "sitemap", media="application/xml"),
    PublicPage("health-live", "/health/live", "health_live", media="text/plain"),
    PublicPage("health-ready", "/health/ready", "health_ready", media="text/plain"),
    PublicPage("health-metrics", "/health/metrics", "health_metrics", status=404),
    PublicPage("unknown-address", "/gibt-es-nicht/", "", status=404),
    PublicPage("unknown-offer", "/angebote/gibt-es-nicht/", "offers:detail", status=404),
    PublicPage("nul-byte", "/angebote/?q=%00", "offers:list", status=400),
]

# Patterns that need no entry of their own, with the reason.
NOT_PUBLIC = {
    "counseling:deadlines": "a file of a result with dates",
    "offers:deadlines": "a file of a confirmed offer with dates",
    "directory:contact_point_vcard": "a file of a confirmed contact point",
}
