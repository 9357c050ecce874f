"""Optional copies of a release for other tools, after it is current: PostgreSQL, Parquet in a folder or bucket."""
