"""Mapping files: YAML in, core trees out."""
