"""Spreadsheets in the back office: bring them, take them away, and make one record of two."""
