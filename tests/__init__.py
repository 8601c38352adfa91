"""The suite. A package, because an installed library brings one of the same name."""
