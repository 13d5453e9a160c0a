"""The translation page: what it moves, how networks answer, and what lies beyond shifts."""
