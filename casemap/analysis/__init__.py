"""Passes over core trees: what is known of them, what they read, how they compose."""
