"""Lessons: texts that lead through the app, ask, and compute their answers."""
