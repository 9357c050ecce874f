"""What an attacker can work out: bounds of hidden counts that stand in sums with shown ones.

Matrices in, bounds out. Nothing here knows what is counted. Single-threaded; the same input gives the same output.
"""
