"""Fault drills: what must not happen, tried on a running installation. ``make faults`` runs all of them."""
