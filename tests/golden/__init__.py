"""The 16 golden students of domain.md section 13 and what must come out of them."""
