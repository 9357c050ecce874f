"""A student's trace and what-if, against the golden students worked out by hand in domain.md section 13."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.explain.errors import CannotExplainError
from tests.pipelines.explain.conftest import Ask
from tests.pipelines.explain.small_release import key


def what_if(ask: Ask, student: int, *options: str) -> list[str]:
    """The lines below the title of the snapshot."""
    status, lines = ask(student, "--next-lane", *options)
    assert status == 0
    return lines[3:]


def test_a_day_is_what_keeps_02_from_lane_3(ask: Ask) -> None:
    assert what_if(ask, 2) == [
        "the smallest changes for lane 3",
        "attendance: 1 absent day fewer (17 instead of 18)",
        "with all of them the rule rows give lane 3, potential",
    ]


def test_six_letters_take_03_from_3_0_to_3_5(ask: Ask) -> None:
    lines = what_if(ask, 3)
    assert lines[1] == "marks: 6 letters in 6 marks"
    assert [line for line in lines if line.endswith("would be A")] == lines[2:8]
    assert lines[-1] == "with all of them the rule rows give lane 5, competitive"


def test_95_95_percent_is_not_96_and_one_day_leads_past_the_next_lane(ask: Ask) -> None:
    assert what_if(ask, 4) == [
        "the smallest changes for lane 4",
        "attendance: 1 absent day fewer (6 instead of 7)",
        "with all of them the rule rows give lane 5, competitive",
    ]


def test_a_letter_that_helps_the_gpa_and_the_count_of_f_counts_once(ask: Ask) -> None:
    # 12 points are needed, 7 are there: five letters; three of them must be core F, which leaves three
    lines = what_if(ask, 5)
    assert lines[1] == "marks: 5 letters in 5 marks"
    raised = lines[2:7]
    assert all(line.startswith("F in ") and line.endswith(" would be D") for line in raised)
    assert sum(line.startswith(("F in ENGLISH", "F in MATH", "F in PHYSICS", "F in HISTORY")) for line in raised) >= 3
    # more than 80% of 180 days: at most 35 absent
    assert lines[7] == "attendance: 15 absent days fewer (35 instead of 50)"
    assert lines[8] == "with all of them the rule rows give lane 2, vulnerable"


def test_two_passes_in_math_are_enough_for_13(ask: Ask) -> None:
    # 22/11 points are exactly 2.0, one semester F is left, and 55 credits are more than the 50 due
    assert what_if(ask, 13, "--snapshot", "G9_EOY") == [
        "the smallest changes for lane 3",
        "marks: 2 letters in 2 marks",
        "F in MATH 9, S1 would be D",
        "F in MATH 9, S2 would be D",
        "with all of them the rule rows give lane 3, potential",
    ]


def test_one_trimester_f_less_is_enough_for_15(ask: Ask) -> None:
    assert what_if(ask, 15) == [
        "the smallest changes for lane 3",
        "marks: 1 letter in 1 mark",
        "F in MATH 9, T2 would be D",
        "with all of them the rule rows give lane 3, potential",
    ]


def test_a_suspension_cannot_be_undone_and_no_lane_is_claimed(ask: Ask) -> None:
    assert what_if(ask, 16) == [
        "the smallest changes for lane 4",
        "out of reach: 3 suspensions on record: that cannot be undone in this year",
        "lane 4 cannot be reached in this snapshot",
    ]


def test_a_pass_in_place_of_np_and_a_better_gpa_lead_14_to_lane_5(ask: Ask) -> None:
    # 18 of 6 marks, 21 are needed: three letters; NP has to be a pass for no D or F in core
    lines = what_if(ask, 14)
    assert lines[1] == "marks: 4 letters in 4 marks"
    assert "NP in HISTORY 9, S2 would be P" in lines
    assert lines[-1] == "with all of them the rule rows give lane 5, competitive"


@pytest.mark.parametrize(
    ("student", "snapshot", "missing"),
    [
        (14, "G9_T1", "for a lane: 5 graded credits, 15 are needed: 10 more (2 semester courses)"),
        (12, "G9_EOY", "for a lane: 20 days expected, more than 30 are needed: 11 days more"),
    ],
)
def test_without_a_lane_it_says_what_is_missing(ask: Ask, student: int, snapshot: str, missing: str) -> None:
    assert what_if(ask, student, "--snapshot", snapshot) == [missing]


def test_marks_that_changed_after_the_freeze_are_judged_as_known_tonight(ask: Ask) -> None:
    lines = what_if(ask, 20)
    assert lines[0] == "marks changed after the freeze; what follows is from what is known tonight: lane 3"
    # 24 points of 12 marks, 36 are needed
    assert lines[1:3] == ["the smallest changes for lane 4", "marks: 12 letters in 12 marks"]
    assert lines[-1] == "with all of them the rule rows give lane 4, promising"


def test_the_trace_leads_from_lane_to_rule_to_mark_to_file_and_line(ask: Ask) -> None:
    status, lines = ask(2)
    assert status == 0
    words = [" ".join(line.split()) for line in lines]
    title = "G8_EOY, cohort 2025, school year 2024, as of 2024-05-30, frozen on 2024-07-15: lane 2, vulnerable"
    assert title in words
    assert "credited to North Middle (10000010000008), North Unified" in words
    assert "G2, opens lane 2: passed" in words and "G3, opens lane 3: stops here" in words
    assert "yes core5_v1 grade 08 G3 gpa >= 2 135 points/60 credits = 2.25" in words
    assert "NO core5_v1 grade 08 G3 attendance_rate > 0.9 162/180 days = 90.00%" in words
    assert "keeps from lane 3: Attendance is 90%; more than 90% is needed" in words
    # math is the second course of section 13, so line 3 after the header
    assert "S2 F MATH 8 5 credits; in GPA, counts as F (core); north 2025-06-25, grades.csv, line 3" in words
    assert "S1 D MATH 8 5 credits; in GPA, counts as D or F (core); north 2025-06-25, grades.csv, line 3" in words
    assert "in the snapshot: 18 absent of 180" in words
    assert "tonight: the same as frozen" in words
    assert not any("do not add up" in line for line in words)


def test_what_was_not_known_at_the_freeze_is_marked_and_tonight_stands_beside(ask: Ask) -> None:
    lines = ask(20)[1]
    late = [line for line in lines if line.endswith("[not known at the freeze: from 2025-08-25]")]
    assert len(late) == 1 and "MATH 9" in late[0] and "north 2025-08-25, grades.csv, line 3" in late[0]
    assert "these marks do not add up to the snapshot in points, n_f_core, n_df_core, n_df_elamath: they changed after the freeze" in lines  # fmt: skip
    start = lines.index("tonight, beside what was frozen")
    assert "gpa: 2 (frozen: 1.8333)" in lines[start:]
    assert "lane: 3 (frozen: 2)" in lines[start:]


def test_what_a_district_sent_first_counts_as_known_at_an_earlier_freeze(ask: Ask) -> None:
    late = [line for line in ask(21)[1] if "not known at the freeze" in line]
    assert len(late) == 1 and "PE 8" in late[0] and late[0].endswith("from 2024-10-01]")


def test_an_original_counts_until_a_snapshot_holds_its_repeat(ask: Ask) -> None:
    eoy = "\n".join(" ".join(line.split()) for line in ask(13, "--snapshot", "G9_EOY")[1])
    summer = "\n".join(" ".join(line.split()) for line in ask(13, "--snapshot", "G9_EOYS")[1])
    assert "S1 F MATH 9 5 credits; in GPA, counts as F (core), replaced later, on 2025-07-31" in eoy
    assert "S2 I PHYSICS 9 5 credits; not in GPA, counts as F (core), replaced later" in eoy
    assert "SS C MATH 9" not in eoy
    assert "S1 F MATH 9 5 credits; replaced by C in SS 2025" in summer
    assert "S2 I PHYSICS 9 5 credits; replaced by B in SS 2025" in summer
    assert "in GPA, replaces F of S1 2025" in summer and "in GPA, replaces F of S2 2025" in summer
    assert "do not add up" not in eoy + summer


def test_part_day_suspensions_are_listed(ask: Ask) -> None:
    lines = ask(16)[1]
    assert "suspension: OSS, 0.3 days, 2024-10-02" in lines
    assert any("NO" in line and "n_suspensions <= 0" in line and line.endswith(" 3") for line in lines)


def test_a_student_of_two_districts_is_read_in_both_and_each_row_once(ask: Ask) -> None:
    lines = ask(8)[1]
    assert lines[0].startswith(f"{key(8)} in the data of north, south;")
    assert "marks of the window, as known tonight: 12" in lines
    assert any(line.endswith("south 2025-06-26, in/marks.xml, record 7") for line in lines)
    # in the south alone no snapshot stands: it was credited to the north after the student had left
    status, lines = ask(8, "--district", "south")
    assert (status, len(lines)) == (2, 1) and "no snapshot" in lines[0]


@pytest.mark.parametrize(
    ("subject", "options", "words"),
    [
        (999, [], "no such student in what can be read here (north, south)"),
        (2, ["--district", "south"], "no such student in what can be read here (south)"),
        (2, ["--district", "west"], "no district 'west' in this release; there are north, south"),
        (2, ["--snapshot", "G7"], "this student has no snapshot 'G7'; there are G8_EOY"),
        (2, ["--rule-set", "none"], "no rule set 'none'; there are core5_v1, core5_v1_pm, elsewhere, simple4_v1"),
        (2, ["--rule-set", "core5_v1", "--rule-set", "simple4_v1"], "core5_v1 and simple4_v1 are two rule sets"),
    ],
)
def test_a_wrong_question_is_status_2_and_one_line(ask: Ask, subject: int, options: list[str], words: str) -> None:
    status, lines = ask(subject, *options)
    assert (status, len(lines)) == (2, 1)
    assert lines[0].startswith("core: ") and words in lines[0]
    assert key(subject) not in lines[0]


def test_a_lane_from_elsewhere_has_no_rules_to_show(ask: Ask) -> None:
    elsewhere = "this lane came in a file and was computed elsewhere: no rule rows decide it"
    lines = ask(8, "--rule-set", "elsewhere")[1]
    assert elsewhere in lines and not any("lane_rule" in line or "WARNING" in line for line in lines)
    assert f"{elsewhere}, so no changes follow from any" in ask(8, "--rule-set", "elsewhere", "--next-lane")[1]


def test_a_provisional_snapshot_has_rules_and_no_marks_to_list(ask: Ask) -> None:
    lines = ask(22)[1]
    assert "a provisional snapshot of progress marks: those are not published one by one" in lines
    assert any("core5_v1 grade 09 G3 attendance_rate > 0.9" in line and "36/40 days = 90.00%" in line for line in lines)
    lines = what_if(ask, 22)
    assert "attendance: 1 absent day fewer (3 instead of 4)" in lines
    assert lines[-1] == "whether lane 3 is reached depends on marks that are not known here"


def test_the_same_rule_set_twice_is_one(ask: Ask) -> None:
    assert ask(2, "--rule-set", "core5_v1", "--rule-set", "core5_v1")[0] == 0


def test_without_access_it_says_what_is_needed(ask: Ask, golden_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(golden_home, home, symlinks=True)
    shutil.rmtree(home / "published" / "releases" / "20251001T000000.000000Z" / "restricted")
    with pytest.raises(CannotExplainError, match="access to the restricted tier is needed"):
        ask(2, home=home)


def test_a_database_that_may_not_be_opened_is_no_access(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: str, **options: str) -> object:
        if "restricted" in path.parts:
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CannotExplainError, match="access to the restricted tier of north is needed"):
        ask(2, "--district", "north")


def test_before_the_first_release_it_says_so(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(CannotExplainError, match="nothing is published"):
        ask(2, home=tmp_path)


def test_without_the_ledger_files_have_their_ids(ask: Ask, golden_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(golden_home, home, symlinks=True)
    (home / "ledger.sqlite").unlink()
    lines = ask(2, home=home)[1]
    assert any(line.endswith("file file_june, line 3") for line in lines)
    assert "the ledger cannot be read here, so files are named by their ids" in lines
    assert not (home / "ledger.sqlite").exists()
