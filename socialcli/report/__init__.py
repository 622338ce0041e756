"""Figures about the work: pure, records and policy in, one record out."""
