"""The office's side: sources, ledger, merge plan, master."""
