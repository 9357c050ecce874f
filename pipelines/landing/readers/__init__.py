"""Readers: one file of a delivery becomes raw Parquet, exactly as the contract says (`read.py` is the door)."""
