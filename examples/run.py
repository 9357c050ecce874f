"""`python -m examples.run [NUMBER]`: ask one of the questions of a release, or list them all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from examples.questions import Answer, Question, ask, load


def as_table(answer: Answer) -> list[str]:
    """An answer as a Markdown table; numbers to four digits after the point, NULL as nothing."""
    rows = [answer.columns, *([_text(value) for value in row] for row in answer.rows)]
    widths = [max(3, *(len(row[place]) for row in rows)) for place in range(len(answer.columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return str(value).replace("|", "/")


def _told(question: Question) -> str:
    return f"{question.number:2d}  {question.tier:10s}  {question.question}"


def main() -> int:
    """Exit status 0, or 2 where there is no such question or no such database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", help="which question; none: the list")
    parser.add_argument("--release", type=Path, default=Path("var/published/current"), help="folder of a release")
    parser.add_argument("--district", help="whose restricted database (default: the first)")
    arguments = parser.parse_args()
    questions = {question.number: question for question in load()}
    if arguments.number is None:
        print("\n".join(map(_told, questions.values())))
        return 0
    if (question := questions.get(arguments.number)) is None:
        print(f"no question {arguments.number}; there are {min(questions)} to {max(questions)}", file=sys.stderr)
        return 2
    try:
        with duckdb.connect(str(question.database(arguments.release, arguments.district)), read_only=True) as con:
            answer = ask(question, con)
    except (FileNotFoundError, PermissionError, duckdb.IOException) as error:
        print(f"cannot open the {question.tier} tier of {arguments.release}: {error}", file=sys.stderr)
        return 2
    print(f"{_told(question)}\n\n{question.answer}\nMind: {question.mind}\n")
    print("\n".join(as_table(answer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
