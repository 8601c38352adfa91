"""Loader of region folders: CSV, TOML and Markdown files → checked rows → database.

``reader`` and ``table`` read values with their lines, ``directory_rows``,
``contact_point_rows`` and ``offer_rows`` turn them into drafts, ``folder`` checks the
whole, ``plan`` compares it with the database, ``load`` writes it.
"""
