"""Social customer service at the shell."""

__version__ = "0.1.0"
