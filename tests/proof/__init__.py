"""Runs that hold the proofs to what payloads show: soundness, and mutants. Both are commands, and small in CI."""
