"""What can be said of a text alone: tokens, lengths, private data, broken Unicode. Pure."""
