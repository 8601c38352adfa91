"""Patterns and recipes of the generated example offers. Nothing here is a fact about a real offer."""

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
TITLES = (
    "{name}: {course} in {town}",
    "{course} {group}, {town}",
    "{name} als {job} in {town}",
    "{course} im Haus {house}",
    "{name} {group}: {topic}",
    "{job} ausprobieren: {course} in {town}",
    "{name} im Haus {house}, {town}",
    "{other_course} {town}",
    "{topic}: {course} {group}",
    "{name} mit {other_course}",
    "{other_deed} und {deed}: {course} in {town}",
    "{job} oder {other_job}? {course} in {town}",
)
OPENINGS = (
    "Das Thema ist {topic}. Das Angebot ist {group}.",
    "Du lernst den Beruf {job} kennen. Dafür gibt es {object_course} in {town}.",
    "{the_course} läuft {moment}. Du brauchst nichts zu können.",
    "Im Haus {house} in {town} gibt es {object_course}. Das Angebot ist {group}.",
    "Du kannst {deed} und {other_deed}. Jemand zeigt dir, wie es geht.",
    "{a_course} {group}: {topic} zum Anfassen.",
    "Du fragst, was du willst. Auch {the_other_course} ist {quality}.",
    "Du arbeitest mit {tool} und {other_tool}. Das ist {quality} und {other_quality}.",
    "Es geht um {subject}. Du machst mit, so viel du schaffst.",
)
DETAILS = (
    "Du kannst Fragen stellen, und jemand nimmt sich Zeit für dich.",
    "{the_course} hat {number} Plätze.",
    "Wir treffen uns {moment} um {hour} Uhr in {town}.",
    "Du lernst, wie man mit {with_other_course} weiterkommt.",
    "Am Anfang ist alles {quality}, später wird es {other_quality}.",
    "Du probierst {tool} und {other_tool} selbst aus.",
    "Wer {job} werden will, sieht hier, was dazugehört.",
    "Auch der Beruf {other_job} kommt vor.",
    "{in_course} arbeitest du mit anderen in deinem Alter.",
    "Ihr übt {deed}, dann {other_deed}.",
    "Haus {house} liegt in der Nähe vom Bahnhof.",
    "Eine Fachkraft zeigt dir {tool} und {other_tool} und erklärt jeden Schritt.",
    "Du musst noch nicht wissen, ob du {job} oder {other_job} werden willst.",
    "Viele bleiben danach für {object_other_course}.",
    "Du bekommst am Ende ein Blatt, auf dem steht, was du kannst.",
    "Wenn du Hilfe beim Lesen brauchst, sag es einfach.",
    "Deine Eltern können mitkommen, wenn du das willst.",
    "Es geht um {subject}, aber auch um deinen Alltag.",
    "Mit dem Bus kommst du bis {town}, von dort sind es wenige Minuten.",
    "Du kannst zuschauen, bevor du {deed} ausprobierst.",
    "In kleinen Gruppen lernt ihr {deed}, {other_deed} und alles, was ein {job} am ersten Tag braucht.",
    "Danach weißt du, ob {topic} etwas für dich ist.",
    "Ein Betrieb aus {town} stellt {tool} und Arbeitskleidung.",
    "Für den Beruf {other_job} brauchst du gute Nerven und ein bisschen Mut.",
    "Du machst zuerst {object_course}, danach {object_other_course}.",
    "Wer fertig ist, kann {other_deed} oder den anderen helfen.",
    "Mittags kocht ihr zusammen im Haus {house}.",
    "Wir sprechen Deutsch, Englisch und oft noch eine Sprache mehr.",
    "Wenn es dir zu laut ist, gibt es einen Raum, der {quality} ist.",
    "Du darfst Fehler machen, denn daraus lernt man.",
    "Jede Woche kommt jemand, der als {job} arbeitet, und erzählt davon.",
    "{other_tool} und {tool} stellen wir, feste Schuhe bringst du mit.",
    "Wenn du die Schule abgebrochen hast, ist das hier kein Problem.",
    "{the_other_course} ist neu und {other_quality}.",
    "Nach {number} Terminen schauen wir zusammen, was gut läuft.",
    "Du lernst Leute kennen, die {deed} schon lange machen.",
    "Hast du Stress zu Hause, kannst du das erzählen, musst aber nicht.",
    "Bei uns zählt, was du kannst, und nicht, welche Noten du hast.",
    "Ihr baut etwas, das im Haus {house} stehen bleibt.",
    "Die Prüfung übst du so oft, wie du sie brauchst.",
)
POINTS = (
    "Ort: {town}",
    "Thema: {topic}",
    "Haus: {house}, {street}",
    "Zeit: {moment}, {hour} Uhr",
    "Plätze: {number}",
    "Beruf: {job}",
    "Auch für: {other_job}",
    "Du arbeitest mit: {tool}, {other_tool}",
    "Du übst: {deed}, {other_deed}",
    "Danach: {other_course}",
    "Treffpunkt: {street}",
)
CLOSINGS = (
    "Komm vorbei und schau es dir an.",
    "Frag nach, wenn etwas unklar ist.",
    "Du kannst jederzeit anfangen.",
    "Melde dich bis zum Wochenende vorher.",
    "Bring gern jemanden mit.",
    "Wer {job} werden will, fängt am besten hier an.",
    "Wenn {the_course} voll ist, gibt es eine Liste.",
    "Ruf an, bevor du nach {town} fährst.",
    "Danach sehen wir weiter: vielleicht {object_other_course}, vielleicht ein Praktikum.",
)
TOPICS = (
    "Holz und Bau", "Pflege", "Metall", "Computer", "Büro", "Verkauf", "Küche", "Soziales", "Garten", "Lager", "Tiere",
    "Medien", "Elektro", "Neustart", "Zukunft", "Mut", "Plan B", "Kinder", "Autos", "Farbe", "Backen", "Gesundheit",
    "Umwelt", "Sprache", "Musik", "Sport", "Mode", "Haare", "Fotos", "Wohnen", "Geld", "Bewerbung", "Landwirtschaft",
    "Hotel", "Sicherheit", "Energie", "Chemie", "Verkehr", "Verwaltung", "Kunst", "Theater", "Natur und Wald",
)  # fmt: skip
GROUPS = (
    "für alle", "in kleiner Gruppe", "für Mädchen", "für Jungen", "am Nachmittag", "am Wochenende", "online",
    "für Anfänger", "ab Klasse 8", "in den Ferien", "für Azubis", "für junge Eltern", "mit Kinderbetreuung",
    "in einfacher Sprache", "für Schulabgänger", "am Abend", "für Geflüchtete", "mit Begleitung", "in Teilzeit",
)  # fmt: skip
MOMENTS = (
    "jeden Montag", "am Dienstag", "jeden Mittwoch", "donnerstags", "am Freitag", "samstags", "in den Winterferien",
    "in den Osterferien", "in den Sommerferien", "in den Herbstferien", "nach der Schule", "am ersten Samstag im Monat",
    "im März", "im September", "zweimal in der Woche", "jeden Vormittag", "nach Absprache", "im Frühjahr", "im Herbst",
)  # fmt: skip
STEPS = (
    "Ruf an und frag nach einem Termin.",
    "Schreib eine kurze Nachricht.",
    "Füll das Blatt aus.",
    "Komm zum ersten Gespräch.",
    "Bring jemanden mit, wenn du willst.",
    "Sag, was du brauchst.",
    "Geh ins Haus {house}, {street}.",
    "Frag in deiner Schule nach {with_course}.",
    "Mach einen Probetag als {job}.",
    "Unterschreib die Anmeldung.",
    "Sprich mit der Berufsberatung über {topic}.",
    "Hol dir ein Ja von deinen Eltern, wenn du unter 18 bist.",
)
THINGS = (
    "Ausweis", "letztes Zeugnis", "Lebenslauf", "Brief vom Amt", "Karte der Krankenkasse", "feste Schuhe",
    "Schreibzeug", "Bescheid vom Jobcenter", "Passfoto", "Impfpass", "etwas zu essen", "Aufenthaltspapiere",
)  # fmt: skip
DURATIONS = (
    "1 Tag", "1 Woche", "3 Monate", "6 Monate", "1 Schuljahr", "so lange du willst", "2 Wochen", "ein Wochenende",
    "10 Termine", "12 Monate", "2 Jahre", "2 Stunden in der Woche", "bis zur Prüfung", "",
)  # fmt: skip
WISHES = (
    "Du weißt noch nicht, was du willst.",
    "Du willst etwas Neues probieren.",
    "Du willst {job} werden oder etwas Ähnliches.",
    "Du brauchst jemanden zum Reden.",
    "Du magst {topic}.",
    "Du möchtest {deed} und {other_deed} lernen.",
    "Du hast die Schule hinter dir und suchst einen Platz.",
    "Du hast eine Ausbildung abgebrochen und willst weitermachen.",
    "Du bist neu in {town}.",
    "Du gehst noch zur Schule und denkst an den Beruf {other_job}.",
)
NEEDS = (
    "Du weißt noch nicht, was du willst.",
    "Du willst etwas Neues probieren.",
    "Du brauchst jemanden zum Reden.",
    "Du gehst noch zur Schule.",
    "Du suchst einen Ausbildungsplatz.",
    "Du bist bei der Agentur für Arbeit gemeldet.",
    "Du wohnst im Landkreis.",
)
COSTS = (
    (Offer.Cost.FREE, "Kostet nichts."),
    (Offer.Cost.FREE, "Kostet nichts."),
    (Offer.Cost.PAID, "Kostet etwas Geld."),
    (Offer.Cost.UNKNOWN, ""),
)
