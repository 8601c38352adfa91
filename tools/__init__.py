"""Helpers for developers: checks, measurements. Nothing here runs in production."""
