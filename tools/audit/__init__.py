"""Outside checkers over every kind of public page."""
