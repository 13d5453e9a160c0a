"""Lessons in the app: which one is played, its strip, and what pages tell of themselves."""
