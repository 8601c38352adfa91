"""Word lists of the generated example offers. Nothing here is a fact about a real offer."""

from dataclasses import dataclass

from offers.models import Decider, Offer, OfferKind


@dataclass(frozen=True)
class Recipe:
    """What offers of one kind are called and what they do."""

    names: tuple[str, ...]
    deeds: tuple[str, ...]
    situations: tuple[str, ...]
    deciders: tuple[tuple[Decider, Decider], ...]
    ages: tuple[tuple[int | None, int | None], ...] = ((14, 25), (15, None), (None, 27), (16, 24))


AGENCY = (Decider.AGENTUR, Decider.JOBCENTER)
AGENCY_ALWAYS = (Decider.AGENTUR, Decider.AGENTUR)
SCHOOL = (Decider.SCHULE, Decider.SCHULE)
YOUTH = (Decider.JUGENDAMT, Decider.JUGENDAMT)
NOBODY = (Decider.NONE, Decider.NONE)
CARRIER = (Decider.TRAEGER, Decider.TRAEGER)
COUNTY = (Decider.LANDKREIS, Decider.LANDKREIS)
EVENING = (Decider.KVHS, Decider.KVHS)
CHAMBER = (Decider.KAMMER, Decider.KAMMER)
OPEN_QUESTION = (Decider.UNKNOWN, Decider.UNKNOWN)

RECIPES: dict[OfferKind, Recipe] = {
    OfferKind.ORIENTATION: Recipe(
        ("Schnuppertag", "Berufe-Woche", "Werkstatt-Tag", "Stärken-Check"),
        ("Du probierst Berufe aus.", "Du findest heraus, was du gut kannst.", "Du fragst Leute nach ihrem Beruf."),
        ("at_school", "no_plan"),
        (SCHOOL, AGENCY_ALWAYS),
        ((12, 16), (13, 17), (None, 18)),
    ),
    OfferKind.COUNSELLING: Recipe(
        ("Offene Beratung", "Gespräch", "Sprechstunde", "Beratung am Abend"),
        ("Du fragst alles, was du wissen willst.", "Jemand hört dir zu.", "Ihr sucht zusammen den nächsten Schritt."),
        ("no_plan", "seeking_training", "home_trouble", "money_housing"),
        (NOBODY, YOUTH),
    ),
    OfferKind.ACCOMPANIMENT: Recipe(
        ("Begleitung", "Patenschaft", "Lotse", "Hilfe im Alltag"),
        ("Jemand geht mit dir zum Amt.", "Ihr füllt Papiere zusammen aus.", "Du hast immer die gleiche Person."),
        ("no_plan", "home_trouble", "training_trouble"),
        (AGENCY, YOUTH, CARRIER),
    ),
    OfferKind.PREPARATION: Recipe(
        ("Vorbereitungskurs", "Probezeit", "Lernwerkstatt", "Startkurs"),
        ("Du lernst und arbeitest mit den Händen.", "Du machst ein Praktikum.", "Du übst für die Ausbildung."),
        ("no_certificate", "seeking_training", "no_plan"),
        (AGENCY_ALWAYS, AGENCY, SCHOOL),
    ),
    OfferKind.TRAINING: Recipe(
        ("Ausbildung mit Hilfe", "Lerngruppe für Azubis", "Prüfungskurs", "Ausbildung in Teilzeit"),
        ("Du lernst den Beruf in deinem Tempo.", "Du übst für die Prüfung.", "Jemand hilft bei Stress im Betrieb."),
        ("seeking_training", "training_trouble", "parent"),
        (AGENCY_ALWAYS, CHAMBER),
    ),
    OfferKind.CERTIFICATE: Recipe(
        ("Kurs zum Hauptschulabschluss", "Kurs zum Realschulabschluss", "Abendschule", "Lernhilfe Mathe und Deutsch"),
        ("Du holst deinen Abschluss nach.", "Du lernst in einer kleinen Gruppe.", "Du übst Mathe und Deutsch."),
        ("no_certificate", "at_school"),
        (EVENING, SCHOOL),
        ((16, None), (15, 25), (None, None)),
    ),
    OfferKind.INTERNSHIP: Recipe(
        ("Praktikum", "Ferienjob", "Ferienpraktikum", "Probewoche"),
        ("Du arbeitest ein paar Tage mit.", "Du lernst einen Betrieb kennen.", "Du siehst, ob der Beruf passt."),
        ("at_school", "seeking_training", "no_plan"),
        (NOBODY, CHAMBER),
        ((15, None), (14, 18), (15, 20)),
    ),
    OfferKind.VOLUNTARY: Recipe(
        ("Freiwilligenjahr", "Freiwilligendienst", "Jahr für die Umwelt", "Jahr im Ausland"),
        ("Du hilfst mit und lernst viel.", "Du bekommst ein Taschengeld.", "Du triffst Leute in deinem Alter."),
        ("no_plan", "seeking_training"),
        (CARRIER,),
        ((16, 26), (15, None), (18, 27)),
    ),
    OfferKind.MONEY: Recipe(
        ("Zuschuss", "Geld für Schulsachen", "Hilfe bei Schulden", "Geld für die Fahrt"),
        ("Du bekommst Geld dazu.", "Ihr rechnet zusammen.", "Du lernst, was dir zusteht."),
        ("money_housing", "parent"),
        (AGENCY, COUNTY),
    ),
    OfferKind.HOUSING: Recipe(
        ("Wohngruppe", "Zimmer für Azubis", "Wohnhilfe", "Erste eigene Wohnung"),
        ("Du wohnst mit anderen zusammen.", "Jemand hilft dir bei der Suche.", "Du übst, allein zu wohnen."),
        ("money_housing", "home_trouble"),
        (YOUTH, OPEN_QUESTION),
        ((16, 27), (18, None), (14, 20)),
    ),
    OfferKind.MOBILITY: Recipe(
        ("Mitfahrhilfe", "Ticket für Azubis", "Fahrrad-Verleih", "Rufbus"),
        ("Du kommst zur Arbeit und zurück.", "Du zahlst weniger für Bus und Bahn.", "Du leihst dir ein Rad."),
        ("training_trouble", "money_housing", "at_school"),
        (NOBODY, COUNTY),
    ),
    OfferKind.LANGUAGE: Recipe(
        ("Deutschkurs", "Sprachcafé", "Ankommen-Treff", "Deutsch für die Ausbildung"),
        ("Du lernst Deutsch.", "Du übst beim Reden.", "Jemand erklärt dir Briefe vom Amt."),
        ("new_here",),
        (NOBODY, CARRIER, AGENCY),
    ),
    OfferKind.DISABILITY: Recipe(
        ("Hilfe im Beruf", "Technik am Arbeitsplatz", "Beratung bei Behinderung", "Probearbeit mit Begleitung"),
        ("Du arbeitest so, wie es für dich passt.", "Jemand hilft dir im Betrieb.", "Ihr sucht die richtige Technik."),
        ("disability",),
        ((Decider.AGENTUR_REHA, Decider.AGENTUR_REHA), (Decider.INTEGRATIONSAMT, Decider.INTEGRATIONSAMT)),
    ),
    OfferKind.FAMILY: Recipe(
        ("Eltern-Kind-Treff", "Familienhilfe", "Kurs für junge Eltern", "Betreuung am Abend"),
        ("Du triffst andere junge Eltern.", "Dein Kind ist gut betreut.", "Jemand hilft euch zu Hause."),
        ("parent", "home_trouble"),
        (YOUTH, NOBODY),
        ((None, 27), (None, None), (16, 25)),
    ),
    OfferKind.EMERGENCY: Recipe(
        ("Krisendienst", "Notschlafplatz", "Sorgentelefon", "Schutzwohnung"),
        ("Du redest mit jemandem.", "Du bekommst einen sicheren Platz.", "Du sagst nur, was du sagen willst."),
        ("home_trouble",),
        (NOBODY, YOUTH),
        ((None, None), (None, 20), (12, 27)),
    ),
    OfferKind.FAIR: Recipe(
        ("Messe", "Berufe-Tag", "Tag der offenen Tür", "Azubi-Abend"),
        ("Du triffst Betriebe.", "Du redest mit Azubis.", "Du nimmst Infos mit nach Hause."),
        ("at_school", "seeking_training"),
        (NOBODY,),
        ((None, None), (13, None)),
    ),
}
TOPICS = (
    "Holz und Bau",
    "Metall",
    "Pflege",
    "Computer",
    "Küche",
    "Büro",
    "Verkauf",
    "Garten",
    "Lager",
    "Medien",
    "Elektro",
    "Soziales",
    "Neustart",
    "Zukunft",
    "Mut",
    "Plan B",
)
GROUPS = ("für Mädchen", "für Jungen", "für alle", "in kleiner Gruppe", "am Nachmittag", "am Wochenende", "online")
STEPS = (
    "Ruf an und frag nach einem Termin.",
    "Schreib eine kurze Nachricht.",
    "Füll das Blatt aus.",
    "Komm zum ersten Gespräch.",
    "Bring jemanden mit, wenn du willst.",
    "Sag, was du brauchst.",
)
THINGS = ("Ausweis", "letztes Zeugnis", "Lebenslauf", "Brief vom Amt", "Karte der Krankenkasse")
DURATIONS = ("1 Tag", "1 Woche", "3 Monate", "6 Monate", "1 Schuljahr", "so lange du willst", "")
WISHES = ("Du weißt noch nicht, was du willst.", "Du willst etwas Neues probieren.", "Du brauchst jemanden zum Reden.")
COSTS = (
    (Offer.Cost.FREE, "Kostet nichts."),
    (Offer.Cost.FREE, "Kostet nichts."),
    (Offer.Cost.PAID, "Kostet etwas Geld."),
    (Offer.Cost.UNKNOWN, ""),
)
