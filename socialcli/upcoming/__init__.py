"""What is to be done now, of one agent or of the team: gathered from where it stands, and as one line."""
