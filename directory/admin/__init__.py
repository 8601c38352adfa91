"""Back office of the directory: places, agencies, contact points, texts."""

from directory.admin import agencies, contact_points, memberships, places, texts

__all__ = ["agencies", "contact_points", "memberships", "places", "texts"]
