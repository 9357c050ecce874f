"""Questions of a school network, answered in SQL against a release."""
