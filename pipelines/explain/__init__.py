"""`core explain`: from a student's lane, or a published figure, back to rule, mark, file and line.

Reads a finished release and the ledger, writes nothing. No rule of education is made here: cut points are rows of
`lane_rule`, marks follow `mark_rule`, and what is worked out from them is set against what was published.
"""
