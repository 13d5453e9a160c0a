"""The page *Why*: a module a section, and the table of those that there are."""
