"""German words as search sees them: plain Python, no Django."""
