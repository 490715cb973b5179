"""The project's pages, and what generates some of them."""
