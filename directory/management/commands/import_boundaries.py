"""Draw real borders: read municipalities from a GeoJSON file of the county."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.boundaries import BoundaryError, read_boundaries, store_boundaries
from directory.models import Municipality


class Command(BaseCommand):
    """Thin: reads the file, lets ``directory.boundaries`` check and store it."""

    help = "Liest die Grenzen der Gemeinden aus einer GeoJSON-Datei (Eigenschaft „ags“, Koordinaten in Grad)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File and dry run."""
        parser.add_argument("file", type=Path, help="GeoJSON-Datei mit einer FeatureCollection")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen, nichts speichern")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything first, then store all of it or nothing."""
        known = dict(Municipality.objects.values_list("ags", "name"))
        try:
            boundaries = read_boundaries(_load(options["file"]), known=known)
        except BoundaryError as error:
            raise CommandError("\n".join([f"{options['file']} ist nicht brauchbar:", *error.messages])) from error
        for ags, rings in sorted(boundaries.items()):
            points = sum(len(ring) for ring in rings)
            self.stdout.write(f"{known[ags]} ({ags}): {len(rings)} Flächen, {points} Punkte")
        for ags in sorted(set(known) - set(boundaries)):
            self.stdout.write(f"{known[ags]} ({ags}): keine Grenze in der Datei, bleibt wie sie ist")
        if options["dry_run"]:
            self.stdout.write("Probelauf: Es wurde nichts gespeichert.")
            return
        self.stdout.write(f"Gespeichert: {store_boundaries(boundaries)} Gemeinden geändert.")


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{path} lässt sich nicht lesen: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} ist nicht in UTF-8 gespeichert.") from error
    except json.JSONDecodeError as error:
        raise CommandError(f"{path}, Zeile {error.lineno}: Das ist kein gültiges JSON.") from error
