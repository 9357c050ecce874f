"""The questions in this folder: words (the comment at the head of each file), SQL, and where to ask it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

FOLDER = Path(__file__).resolve().parent
WORDS = ("Question", "Tier", "Answer", "Mind")
TIERS = ("public", "partner", "restricted")
_HEAD = re.compile(rf"-- ({'|'.join(WORDS)}): (.+)")


@dataclass(frozen=True)
class Question:
    """One file: what is asked, in which tier, what the answer means, what to mind, and the SQL."""

    number: int
    file: str
    question: str
    tier: str
    answer: str
    mind: str
    sql: str

    def database(self, release: Path, district: str | None = None) -> Path:
        """The database to ask, in a release folder; `district` (restricted tier; else ignored) by default the first."""
        if self.tier != "restricted":
            return release / self.tier / "core.duckdb"
        return release / "restricted" / (district or districts(release)[0]) / "core.duckdb"


@dataclass(frozen=True)
class Answer:
    """What a question found."""

    columns: list[str]
    rows: list[tuple[object, ...]]


def districts(release: Path) -> list[str]:
    """Contract names of the districts in a release's restricted tier. Raises FileNotFoundError if there is none."""
    return sorted(folder.name for folder in (release / "restricted").iterdir())


def load() -> list[Question]:
    """All questions by number. Raises ValueError where a head lacks a word or a tier is none."""
    return [_read(path) for path in sorted(FOLDER.glob("[0-9][0-9]_*.sql"))]


def ask(question: Question, con: duckdb.DuckDBPyConnection) -> Answer:
    """Run a question on an open database."""
    cursor = con.execute(question.sql)
    return Answer([column[0] for column in cursor.description or []], cursor.fetchall())


def _read(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    words: dict[str, str] = {}
    word = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if head := _HEAD.fullmatch(line):
            word = head[1]
            words[word] = head[2]
        else:
            words[word] += " " + line.removeprefix("--").strip()
    if tuple(words) != WORDS or words["Tier"] not in TIERS:
        raise ValueError(f"{path.name}: the comment at the head must say {', '.join(WORDS)}, and a tier of {TIERS}")
    return Question(
        number=int(path.name[:2]),
        file=path.name,
        question=words["Question"],
        tier=words["Tier"],
        answer=words["Answer"],
        mind=words["Mind"],
        sql=text,
    )
