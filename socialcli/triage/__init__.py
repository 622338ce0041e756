"""Triage: what a message is, how soon it needs somebody, and why. Pure: records in, decisions with reasons out."""

from socialcli.triage.assessor import Assessor
from socialcli.triage.words import word_lists

__all__ = ["Assessor", "word_lists"]
