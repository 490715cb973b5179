"""Crosswalks as text for terminals, as Markdown, and as a page of HTML."""

from casemap.report.crosswalk.markdown import crosswalk_markdown
from casemap.report.crosswalk.page import page
from casemap.report.crosswalk.text import crosswalk_text

__all__ = ["crosswalk_markdown", "crosswalk_text", "page"]
