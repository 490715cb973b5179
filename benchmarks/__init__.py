"""How fast casemap converts, beside code written by hand and other libraries. Not part of the package."""
