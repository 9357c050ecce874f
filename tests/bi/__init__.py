"""`make bi-check`: a whole BI tool on a release, as somebody who knows only the tool would use it."""
