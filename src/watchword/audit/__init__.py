"""The ledger: who saw, changed or disclosed what, and why."""
