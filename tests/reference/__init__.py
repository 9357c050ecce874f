"""A second, plain implementation of the rules of domain.md, for the tests alone.

It imports nothing from pipelines/ or dbt_project/ and is written from the specification, not from the SQL: where the two
disagree, one of them is wrong. It favors the shortest honest reading of a rule over speed. Numbers are Fractions.
"""
