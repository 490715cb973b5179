"""Texts to values: JSON and YAML, with exact numbers, strict keys and positions."""
