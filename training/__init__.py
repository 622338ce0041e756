"""How the weights of triage/wording.py came to be: invented mentions with labels, and the counting out."""
