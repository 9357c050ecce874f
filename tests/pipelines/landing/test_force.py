"""What was in force when: cases worked by hand on a calendar."""

from __future__ import annotations

import datetime as dt

from pipelines.landing.force import Force, Sent, intervals


def day(number: int) -> dt.date:
    return dt.date(2024, 10, number)


def sent(*items: tuple[int, str, str]) -> list[Sent]:
    """(day known from, scope, contents) in the order of deliveries."""
    return [Sent(f"d{i}", day(known), scope, frozenset(files)) for i, (known, scope, files) in enumerate(items)]


def spans(*items: tuple[int, str, str]) -> list[tuple[str, str, int, int | None, bool]]:
    def number(date: dt.date | None) -> int | None:
        return date.day if date else None

    return [
        (force.file_id, force.scope, force.known_from.day, number(force.known_to), force.is_versioned)
        for force in intervals(sent(*items))
    ]


def test_one_delivery() -> None:
    assert spans((1, "2024", "a")) == [("a", "2024", 1, None, False)]
    assert intervals(sent((1, "", "a"))) == [Force("a", "", "d0", day(1), None, False)]


def test_replaced() -> None:
    assert spans((1, "s", "a"), (8, "s", "b")) == [("a", "s", 1, 8, True), ("b", "s", 8, None, True)]


def test_scopes_live_apart() -> None:
    assert spans((1, "2023", "a"), (1, "2024", "a"), (8, "2024", "b")) == [
        ("a", "2023", 1, None, False),
        ("a", "2024", 1, 8, True),
        ("b", "2024", 8, None, True),
    ]


def test_the_same_content_again_goes_on() -> None:
    assert spans((1, "s", "a"), (8, "s", "a")) == [("a", "s", 1, None, False)]
    assert spans((1, "s", "a"), (8, "s", "a"), (9, "s", "b")) == [("a", "s", 1, 9, True), ("b", "s", 9, None, True)]


def test_a_content_that_comes_back() -> None:
    assert spans((1, "s", "a"), (8, "s", "b"), (15, "s", "a")) == [
        ("a", "s", 1, 8, True),
        ("b", "s", 8, 15, True),
        ("a", "s", 15, None, True),
    ]


def test_two_on_one_day() -> None:
    """The first of the day was never in force, but it was sent."""
    assert spans((1, "s", "a"), (1, "s", "b")) == [("b", "s", 1, None, True)]
    assert spans((1, "s", "a"), (8, "s", "b"), (8, "s", "a")) == [("a", "s", 1, None, True)]


def test_files_that_make_up_a_scope_together() -> None:
    assert spans((1, "s", "ab"), (8, "s", "ac")) == [
        ("a", "s", 1, 8, True),
        ("b", "s", 1, 8, True),
        ("a", "s", 8, None, True),
        ("c", "s", 8, None, True),
    ]


def test_accepted_late() -> None:
    """Dated before, known after: it is in force only until (and if) nothing later was known already."""
    # d0 is dated before d1, but known from the 20th, when d1 had long replaced it
    assert spans((20, "s", "a"), (8, "s", "b")) == [("b", "s", 8, None, True)]
    # d1 is dated between, known from the 20th; d2 is known from the 25th
    assert spans((1, "s", "a"), (20, "s", "b"), (25, "s", "c")) == [
        ("a", "s", 1, 20, True),
        ("b", "s", 20, 25, True),
        ("c", "s", 25, None, True),
    ]
