"""Public pages and JSON of this app."""
