"""What is asked for: one address of each kind of page."""

from tests.urls_under_test import OFFER, OTHER_POINT, POINT, RESULT
from tools.production.setup import HOST

PAGES = {
    "front": "/",
    "list": "/angebote/",
    "list, filtered": "/angebote/?alter=17&abschluss=hsa",
    "detail": f"/angebote/{OFFER}/",
    "contact points": "/anlaufstellen/",
    "contact point": f"/anlaufstellen/{POINT}/",
    "finder step": "/zustaendigkeit/?concern=seeking_training",
    "result": f"/zustaendigkeit/?{RESULT}",
    "search, one word": "/suche/?q=ausbildung",
    "/api/anlaufstellen": "/api/anlaufstellen",
}
# What many people typed, each of them asked for before; and words that no process was asked for before.
SEARCH, NEW_WORDS = "search, 200 in turn", "search, new words"
PLAIN = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
SECURE = {"Host": HOST, "Accept-Encoding": "gzip"}

# What different visitors open. Concerns that the address may name; the others travel by POST.
STEPS = [f"/zustaendigkeit/?concern={key}" for key in ("seeking_training", "at_school", "unemployed")]
PLACES = ("15083270", "15083415", "15083490", "15083298", "15083040")
RESULTS = [
    f"/zustaendigkeit/?concern={concern}&age={age}&place={place}&ergebnis=1"
    for concern in ("seeking_training", "at_school")
    for age in range(15, 22)
    for place in PLACES
]
POINTS = [f"/anlaufstellen/{POINT}/", f"/anlaufstellen/{OTHER_POINT}/"]
