"""Problems, summaries and tables as text, for people and for programs."""
