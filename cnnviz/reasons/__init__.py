"""Why an answer: which ink, what would change it, and the tests that each such claim carries."""
