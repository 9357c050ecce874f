"""`python -m examples.readme [RELEASE]`: writes README.md here from the questions and what a release answers."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from examples.questions import FOLDER, Answer, Question, ask, districts, load
from examples.run import as_table

SHOWN_ROWS = 40
HEAD = """# Questions of a school network, in SQL

{count} questions that an analyst of the collaborative asks, one file each, against a release. Each runs as it is on the
database of its tier; what it asks, what the answer means and what to mind stand at its head. Every answer is tested
against one that is worked out without the SQL (`tests/examples/`); `make bench` measures how long they take.

    .venv/bin/python -m examples.run                          # the list
    .venv/bin/python -m examples.run 7                        # ask one of var/published/current
    .venv/bin/python -m examples.run 16 --district fresno     # restricted tier: one district's own database
    .venv-clients/bin/duckdb -readonly var/published/current/partner/core.duckdb < examples/08_equity_gap.sql

All data below are synthetic: the bundled sample, as published by `make run`. Answers of the restricted tier are about
students and are not shown. This page is written by `make docs`.
"""


def text(release: Path) -> str:
    """The page, with the answers of `release`."""
    questions = load()
    lines = [HEAD.format(count=len(questions)), "| | tier | question |", "|---:|---|---|"]
    lines += [f"| [{q.number}](#{q.number}) | {q.tier} | [{q.question}]({q.file}) |" for q in questions]
    for question in questions:
        lines += [
            *("", f'## <a id="{question.number}"></a>{question.number}. {question.question}', ""),
            *(f"{question.answer} *Mind:* {question.mind}", ""),
            *_shown(question, release),
        ]
    return "\n".join(lines) + "\n"


def _shown(question: Question, release: Path) -> list[str]:
    answers = {}
    for district in districts(release) if question.tier == "restricted" else [""]:
        with duckdb.connect(str(question.database(release, district)), read_only=True) as con:
            answers[district] = ask(question, con)
    first = next(iter(answers.values()))
    if question.tier == "restricted":
        rows = [len(answer.rows) for answer in answers.values()]
        columns = ", ".join(f"`{column}`" for column in first.columns)
        return [f"{min(rows)} to {max(rows)} rows a district, not shown: {columns}."]
    table = as_table(Answer(first.columns, first.rows[:SHOWN_ROWS]))
    return table if len(first.rows) <= SHOWN_ROWS else [*table, "", f"... and {len(first.rows) - SHOWN_ROWS} more."]


def main() -> int:
    """Write README.md; the release is that of the default home unless one is named."""
    release = Path(sys.argv[1] if len(sys.argv) > 1 else "var/published/current")
    (FOLDER / "README.md").write_text(text(release), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
