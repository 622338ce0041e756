"""Learning from labelled messages: examples, training, held-out figures, and the file that triage reads."""
