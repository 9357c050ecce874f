"""Exact numbers: what was published as DOUBLE is brought back to the fraction that it came from."""

from __future__ import annotations

from fractions import Fraction

# Credits are kept in thirds with four places, points in tenths of them. Fractions with denominators up to this differ
# by more than 1e-9, published values from theirs by about 1e-12: the nearest one is the one.
CREDIT_DENOMINATOR = 30_000
# Days are kept in parts of 2520 (divisible by 1 to 10 periods)
DAY_DENOMINATOR = 2520


def credits(value: float) -> Fraction:
    """Credits, points or F equivalents as the fraction that they are."""
    return Fraction(value).limit_denominator(CREDIT_DENOMINATOR)


def days(value: float) -> Fraction:
    """Days as the fraction that they are."""
    return Fraction(value).limit_denominator(DAY_DENOMINATOR)


def decimal(value: float) -> Fraction:
    """A cut point as it is written: 0.96 is 96/100."""
    return Fraction(repr(value))


def cut(value: Fraction, places: int = 2) -> str:
    """A number as people write it, cut and never rounded up, so that 2.996 does not look like the 3 it missed."""
    scaled = abs(value) * 10**places
    digits = str(scaled.numerator // scaled.denominator).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and text != "0" else text


def percent(value: Fraction) -> str:
    """A ratio in percent with two places, cut: 95.95%."""
    scaled = value * 10_000
    return f"{scaled.numerator // scaled.denominator / 100:.2f}%"


def counted(n: int | str, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{n} {noun}" if str(n) == "1" else f"{n} {noun}s"
