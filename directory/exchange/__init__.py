"""Spreadsheets in and out: what leaves the portal can be corrected elsewhere and brought back."""
