"""See a convolutional network work: traces of small torch models, drawn by one component."""

__version__ = "0.1.0"
