"""Looks for what would keep the quiz from working well."""
