"""Runs over files: streams in and out, records, rejects, the summary."""
