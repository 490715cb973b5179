"""Core trees to Python functions."""
