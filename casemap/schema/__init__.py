"""JSON Schemas of document types."""
