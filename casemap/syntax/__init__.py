"""JSON and YAML texts: to values and back, what is wrong with them, and where their values stand."""

__all__ = ["MAX_DEPTH"]

MAX_DEPTH = 254
"""Objects and arrays inside each other. orjson writes no more; documented formats stay under 10."""
