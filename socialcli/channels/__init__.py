"""Networks: the contract, an in-memory twin, one file per network, and files from elsewhere (imports)."""
