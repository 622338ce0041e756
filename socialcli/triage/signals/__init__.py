"""Signals: small pure functions over a reading. Each says what it found; what it is worth stands in the policy."""
