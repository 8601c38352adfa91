"""The search index: who feeds it, how it is written, what a query means, what comes first."""
