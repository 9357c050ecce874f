"""`python -m pipelines ...`: the same as `core ...`."""

from pipelines.cli import main

main()
