"""Releases of the small warehouse, each with its number stamped into tables of every tier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.release.publish import publish
from pipelines.targets.source import OpenRelease, open_release
from tests.pipelines.release.test_publish import candidate
from tests.support.reader import stamp
from tests.support.small_warehouse import build

# what a careless writer would break: quotes, commas, line ends, NULL beside empty, letters outside ASCII, lists
ODD = ('a "quoted", comma', "line\nbreak", "", None, "Ñandú\u2028", "\\N", "{a,b}")


def three_releases(once: Callable[[str, Callable[[Path], object]], Path]) -> list[OpenRelease]:
    """Releases 1, 2 and 3, the last one current, made once however many processes ask (fixture `once`)."""
    published = once("small_releases", _publish_three)
    return [open_release(published, path.name) for path in sorted((published / "releases").iterdir())]


def _publish_three(published: Path) -> None:
    """Public has a table `odd` more than the small warehouse."""
    con = duckdb.connect()
    build(con)
    con.execute("create table public.odd (number integer, text varchar, list varchar[], wide decimal(9, 2))")
    for number, text in enumerate(ODD):
        con.execute("insert into public.odd values (?, ?, ?, ?)", [number, text, [text, "x,y"], number / 4])
    con.execute("insert into public.odd values (98, 'no list', null, null), (99, 'empty list', [], -0.5)")
    con.execute("comment on table public.odd is 'It''s odd'")
    con.execute("comment on column public.odd.text is 'Any text; NULL is unknown'")
    for number in (1, 2, 3):
        stamp(con, number)
        publish(con, published, candidate(code_version=str(number)), keep=14)
