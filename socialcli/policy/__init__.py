"""policies.toml -> frozen records; hours and deadline clocks. All mistakes are shown at once."""
