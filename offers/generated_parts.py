"""Parts of words for the generated example offers: put together they make a large, uneven vocabulary.

In each list the common parts stand first, because the writer picks them more often.
"""

Noun = tuple[str, str]  # word and gender: m, f or n


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


HEADS = _words("""
Berufs Ausbildungs Holz Pflege Metall Sprach Lern Jugend Computer Garten Küchen Bewerbungs Praxis Tier Familien Kinder
Sozial Medien Start Auto Büro Prüfungs Technik Bau Deutsch Ferien Fahrrad Verkaufs Lager Gesundheits Schul Mathe
Eltern Umwelt Elektro Abend Sport Wohn Musik Orientierungs Maler Handels Werk Probe Zukunfts Kranken Senioren Alltags
Wochenend Kreativ Natur Energie Back Hotel Logistik Friseur Textil Näh Koch Motor Roboter Programmier Film Foto Theater
Tanz Spiele Lese Schreib Rechen Englisch Schulden Geld Miet Umzugs Fahr Bus Bahn Mofa Moped Nachhilfe Mädchen Jungen
Väter Mütter Kita Hort Vereins Feuerwehr Rettungs Sanitäts Polizei Zoll Verwaltungs Rathaus Gemeinde Dorf Stadt Land
Wald Forst Acker Obst Gemüse Blumen Kräuter Pferde Hunde Bienen Schaf Fisch Milch Käse Fleisch Brot Kuchen Getränke
Lebensmittel Ernährungs Restaurant Kantinen Mode Leder Schuh Schmuck Uhren Glas Stein Ton Keramik Gips Beton Fliesen
Dach Zimmerei Tischlerei Maurer Straßenbau Tiefbau Gleisbau Trockenbau Heizungs Sanitär Klima Solar Wind Wasser
Abwasser Recycling Abfall Reinigungs Gebäude Haus Möbel Polster Farben Lack Schweiß Dreh Fräs Stanz Guss Blech Draht
Kunststoff Chemie Labor Physik Biologie Optik Brillen Hör Zahn Apotheken Massage Physio Ergo Reha Inklusions Assistenz
Gebärden Demenz Hospiz Klinik Stations Praxis Empfangs Telefon Kassen Laden Markt Messe Werbe Druck Papier Buch
Bibliotheks Archiv Museums Kunst Zeichen Mal Töpfer Bastel Zirkus Gesangs Chor Gitarren Schlagzeug Rap Podcast Radio
Video Trick Drohnen Netzwerk Daten Web App Spieleentwickler Sicherheits Wach Kurier Post Paket Stapler Kran Bagger
Traktor Mähdrescher Schlosser Schmiede Gold Silber Kupfer Steuer Bank Versicherungs Rechts Gerichts Personal Projekt
Team Kommunikations Konflikt Mut Stärken Talent Selbsthilfe Sucht Gewalt Trauer Stress Schlaf Bewegungs Schwimm Kletter
Reit Fußball Boxen Yoga Rücken Ankommens Integrations Alphabetisierungs Grundbildungs Abschluss Hauptschul Realschul
Abitur Studien Auslands Europa Freiwilligen Ehrenamts Kirchen Friedens Geschichts Heimat Energieberatungs Ernte Winter
Sommer Herbst Frühlings Nachmittags Vormittags Mittags Nacht Morgen Tages Wochen Monats Jahres
""")

_TAILS = _words("""
kurs/m praktikum/n werkstatt/f gruppe/f projekt/n training/n tag/m beratung/f treff/m woche/f hilfe/f schule/f
begleitung/f übung/f lehrgang/m camp/n seminar/n stunde/f betrieb/m team/n raum/m messe/f labor/n runde/f börse/f
zentrum/n studio/n führung/f akademie/f lehre/f wissen/n technik/f arbeit/f prüfung/f schein/m mappe/f halle/f ecke/f
café/n club/m einheit/f aufgabe/f kunde/f laden/m hof/m stelle/f netz/n pass/m abend/m nachmittag/m morgen/m
wochenende/n jahr/n modul/n thema/n gespräch/n checkliste/f plan/m koffer/m lotse/m patin/f tandem/n sprechstunde/f
tour/f reise/f fahrt/f wettbewerb/m preis/m ausstellung/f bühne/f küche/f insel/f garage/f scheune/f baustelle/f
probe/f pause/f idee/f frage/f rallye/f lexikon/n heft/n karte/f tafel/f station/f etage/f schmiede/f fabrik/f
""")
TAILS: tuple[Noun, ...] = tuple((word, gender) for word, _, gender in (item.partition("/") for item in _TAILS))

# Between head and tail: "Holz|werkstatt|woche", with the letter that German puts there.
LINKS = (
    "", "werkstatt", "praktikums", "projekt", "gruppen", "lehrgangs", "technik", "trainings", "beratungs", "schul",
    "wissens", "arbeits", "prüfungs", "betriebs", "laden", "stunden", "kurs", "lern", "team", "camp", "hilfs",
)  # fmt: skip

MATERIALS = _words("""
Holz Metall Hand Stahl Kreis Stich Band Akku Präzisions Gummi Glas Stein Teig Farb Lack Leim Papier Draht Rohr Kabel
Blech Leder Stoff Garten Rasen Hecken Obst Küchen Brot Fleisch Gemüse Mess Prüf Schneide Schleif Bohr Löt Schweiß
Spann Dreh Fräs Hebe Lade Transport Lager Reinigungs Pflege Schutz Arbeits Spezial Elektro Motor Öl Reifen Brems
""")
TOOLS = _words("""
säge hammer schere zange messer bohrer feile maschine presse lampe bank wagen gerät kamera leiter schrank kiste rolle
walze bürste pinsel spachtel kelle schaufel harke spaten pumpe düse schlüssel zirkel lehre waage uhr brett tisch ständer
spindel klemme schraube mutter nadel faden band platte form ofen herd topf kessel filter sieb löffel schale handschuh
brille helm schürze weste stiefel anzug koffer tasche anlage steuerung
""")

HOUSE_HEADS = _words("""
Linden Eichen Sonnen Brücken Mühlen Markt Garten Bahnhofs Schloss Wiesen Birken Kastanien Ahorn Rosen Tulpen Storchen
Eulen Falken Schwalben Fuchs Hasen Igel Biber Löwen Bären Adler Kranich Lerchen Amsel Drachen Kompass Anker Leuchtturm
Hafen Brunnen Turm Tor Burg Kloster Speicher Ziegel Kornblumen Ähren Rüben Zucker Salz Elb Ohre Bode Aller Auen
Hügel Tal Wald Weg Feld Stern Mond Wolken Regenbogen Funken
""")
HOUSE_TAILS = _words("""
hof haus treff eck winkel park hütte werk garten platz nest brücke stube kiste insel bogen tor turm scheune bude
laden keller dach schmiede mühle stern kreis kompass oase klub
""")
STREET_TAILS = _words("straße weg platz allee gasse ring ufer breite chaussee steig stieg damm")

PREFIXES = ("", *_words("auf ein aus ab an um zu nach vor mit durch zusammen weiter fertig"))
STEMS = _words("""
bauen machen sägen bohren schrauben messen malen kochen backen schneiden nähen pflanzen putzen räumen packen tragen
laden fahren heben schleifen kleben drehen löten schweißen biegen feilen zeichnen schreiben lesen rechnen planen reden
fragen zeigen üben lernen bewegen sortieren zählen prüfen rühren mischen waschen trocknen bügeln falten füllen stapeln
verpacken liefern spielen tanzen singen filmen drucken scannen tippen programmieren reparieren montieren gießen graben
mähen ernten füttern striegeln pflegen helfen zuhören begleiten frisieren schminken massieren verkaufen kassieren
dekorieren
""")

ADJECTIVES = _words("""
klein ruhig offen neu freundlich hell praktisch bunt fest kurz lang gemeinsam eigen sicher einfach echt richtig
kostenlos regional digital modern handwerklich kreativ sportlich sozial technisch grün mobil flexibel persönlich
langsam leise laut lustig spannend mutig geduldig genau sauber warm gemütlich groß alt jung stark locker still
barrierefrei mehrsprachig inklusiv ökologisch sportbegeistert naturnah bäuerlich kaufmännisch gestalterisch pflegerisch
pädagogisch musikalisch städtisch ländlich dörflich kirchlich ehrenamtlich freiwillig jährlich monatlich wöchentlich
täglich halbtägig ganztägig mehrtägig abwechslungsreich anschaulich verständlich erprobt beliebt gefragt bekannt
""")
