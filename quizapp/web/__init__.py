"""Pages, and nothing but pages: no policy lives here."""
