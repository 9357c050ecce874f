"""The questions as files: what the head of each says, and that README.md shows what the sample answers."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import duckdb
import pytest

from examples import questions, readme, run
from examples.questions import Answer, load
from tests.support.nightly import PROJECT


def test_heads_say_what_is_asked_where_and_what_it_means():
    found = load()
    assert [question.number for question in found] == list(range(1, 21))
    for question in found:
        assert question.question.endswith("?"), question.file
        assert question.answer.endswith(".") and question.mind.endswith("."), question.file
    assert [question.tier for question in found] == sorted(
        (question.tier for question in found), key=questions.TIERS.index
    )


def test_a_head_without_a_word_is_refused(tmp_path, monkeypatch):
    whole = (questions.FOLDER / "01_more_ninth_graders_moving_up.sql").read_text()
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    for wrong in (whole.replace("-- Mind:", "-- and:"), whole.replace("Tier: public", "Tier: secret")):
        (tmp_path / "01_wrong.sql").write_text(wrong)
        with pytest.raises(ValueError, match=r"01_wrong\.sql: the comment at the head must say"):
            load()


def test_answers_print_as_a_table():
    rows: list[tuple[object, ...]] = [("x|y", None), ("long text", 0.25), (["p", 2], True)]
    assert run.as_table(Answer(["what", "n"], rows)) == [
        "| what      | n    |",
        "|-----------|------|",
        "| x/y       |      |",
        "| long text | 0.25 |",
        "| p; 2      | yes  |",
    ]


@pytest.mark.pipeline
def test_readme_shows_what_the_sample_answers(sample):
    shown = readme.text(sample.current)
    assert (PROJECT / "examples" / "README.md").read_text() == shown, "`make docs` writes it again"
    assert not re.search(r"\bs_[0-9a-f]{24}\b", shown)


@pytest.mark.pipeline
def test_the_command_asks_the_release_it_is_given(sample):
    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "examples.run", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )

    told = asked("1", "--release", str(sample.current))
    assert told.returncode == 0 and "| cohort_year | moved_up |" in told.stdout and " 1  public " in told.stdout
    assert (listed := asked()).returncode == 0 and len(listed.stdout.splitlines()) == len(load())
    assert (unknown := asked("99")).returncode == 2 and "no question 99" in unknown.stderr
    missing = asked("16", "--release", str(sample.current), "--district", "nowhere")
    assert missing.returncode == 2 and "cannot open the restricted tier" in missing.stderr


@pytest.mark.pipeline
def test_a_question_needs_nothing_but_its_own_tier(sample, tmp_path):
    """The database of a tier alone, elsewhere, answers."""
    for tier in ("public", "partner"):
        shutil.copyfile(sample.current / tier / "core.duckdb", tmp_path / f"{tier}.duckdb")
        with duckdb.connect(str(tmp_path / f"{tier}.duckdb"), read_only=True) as con:
            for question in load():
                if question.tier == tier:
                    assert questions.ask(question, con).rows, question.file
