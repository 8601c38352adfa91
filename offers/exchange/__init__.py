"""Offers as spreadsheets."""
