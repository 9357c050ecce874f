"""The `core` command: thin; it calls the functions that the assets call. A command imports what it needs, no more.

Exit status: 0 published (or nothing new), 1 failed, 2 wrong usage, 3 the same as 0 while a delivery is held,
4 published, but an optional target was not loaded.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from pipelines.errors import CannotRunError, WrongAskError
from pipelines.landing.contract_yaml import ContractError
from pipelines.nightly import Ending, Exit, run_nightly
from pipelines.settings import Settings

app = typer.Typer(
    help="CORE Districts data warehouse: from districts' files to a checked, published release.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Landing = Annotated[Path | None, typer.Option(help="Where deliveries arrive: <landing>/<district>/<delivery>.")]
Home = Annotated[Path | None, typer.Option(help="State directory.")]
AsOf = Annotated[str | None, typer.Option(help="YYYY-MM-DD; today in Los Angeles by default.", metavar="DATE")]
SYNTH_STUDENTS = 20_000
Reason = Annotated[str, typer.Option(help="Why; it is recorded.")]


@app.command()
def run(
    landing: Landing = None,
    home: Home = None,
    as_of: AsOf = None,
    district: Annotated[list[str] | None, typer.Option(help="Look for deliveries of this district alone.")] = None,
) -> None:
    """The nightly run, exactly as the schedule runs it; does nothing if nothing is new."""
    settings = _settings(landing, home, as_of, reads_landing=True)
    for name in district or []:
        _contract_path(settings, name)
    _end(run_nightly(settings, district or [], _progress()))


@app.command()
def status(home: Home = None, as_of: AsOf = None) -> None:
    """Deliveries in force, held and late; the last run; the current release."""
    from pipelines.status import status as tell

    _end(tell(_settings(None, home, as_of)))


@app.command()
def releases(home: Home = None) -> None:
    """All releases, the newest first: as-of date, kind of data, size, checks, code, and which one is current."""
    from pipelines.release.listing import releases as tell

    _end(Ending(Exit.DONE, tell(_settings(None, home, None))))


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="Release id, or the beginning of one (core releases).")],
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")] = "",
    home: Home = None,
) -> None:
    """Make an old release current again, until the next news publish a new one."""
    from pipelines.release.rollback import rollback as go_back

    _end(Ending(Exit.DONE, go_back(_settings(None, home, None), release, reason)))


@app.command()
def load(
    release: Annotated[str, typer.Argument(help="Release id, or the beginning of one (core releases).")] = "current",
    to: Annotated[str | None, typer.Option(help="This target alone: postgres or parquet.")] = None,
    home: Home = None,
) -> None:
    """Load a release's public and partner tables into the optional targets (docs/bi.md)."""
    from pipelines.targets.again import load as load_again

    lines, all_well = load_again(_settings(None, home, None), release, to)
    _end(Ending(Exit.DONE if all_well else Exit.FAILED, lines))


@app.command()
def verify(
    release: Annotated[
        str, typer.Argument(help="Release id, or the beginning of one; the current one by default.")
    ] = "current",
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Compare files, raw and inputs; rebuild nothing.")
    ] = False,
    home: Home = None,
) -> None:
    """Is a release what was published, and does it come out again? Rebuilds it beside the home. 0 the same, 1 not."""
    from pipelines.verify.ask import verify as ask

    _end(ask(_settings(None, home, None), release, files_only, _progress()))


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Release id, or the beginning of one.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The same; `current` too.")] = "current",
    tier: Annotated[str, typer.Option(help="Tier of the figures: partner or public.")] = "partner",
    rule_set: Annotated[str | None, typer.Option(help="Another rule set than the default.")] = None,
    limit: Annotated[int, typer.Option(help="Metrics and figures listed.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    home: Home = None,
) -> None:
    """What changed from release A to release B in which metric, and why."""
    from pipelines.diff.ask import diff as ask

    _end(Ending(Exit.DONE, ask(_settings(None, home, None), (a, b), tier, rule_set, limit, as_json)))


key_app = typer.Typer(help="The secret behind student_key.", no_args_is_help=True)
app.add_typer(key_app, name="key")


@key_app.command()
def rotate(
    reason: Reason,
    keep_old: Annotated[
        bool, typer.Option("--keep-old", help="Keep the old key (0600), to verify its releases.")
    ] = False,
    home: Home = None,
) -> None:
    """A new key from the next run on: every student_key changes, who joined by it must join again."""
    from pipelines.key import rotate as change

    _end(Ending(Exit.DONE, change(_settings(None, home, None), reason, keep_old)))


@app.command()
def check(district: str, path: Path, home: Home = None) -> None:
    """What would happen to this delivery, without touching anything: for a data steward, before sending."""
    from expectations.deliveries import DeliveryJudge
    from pipelines.landing.contract import load_contract
    from pipelines.landing.intake import check as dry_run

    settings = _settings(None, home, None)
    contract = load_contract(_contract_path(settings, district))
    try:
        report = dry_run(settings, contract, path, DeliveryJudge())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    lines = [f"note: {note}" for note in report.notes]
    lines += [f"wrong: {failure}" for failure in report.failures]
    rows = sum(file.read.account.records for file in report.files if file.read)
    rejected = sum(file.read.account.rejected for file in report.files if file.read)
    verdict = "would be held" if report.failures else "would be accepted"
    lines.append(
        f"{district} {report.delivery} {verdict}: {len(report.files)} files, {rows:,} rows, {rejected:,} rejected"
    )
    _end(Ending(Exit.HELD if report.failures else Exit.DONE, lines))


@app.command()
def accept(district: str, delivery: str, reason: Reason, home: Home = None, as_of: AsOf = None) -> None:
    """A steward accepts a held delivery; the next run puts it in force."""
    from pipelines.landing.contract import load_contract
    from pipelines.landing.intake import accept as decide

    settings = _settings(None, home, as_of)
    contract = load_contract(_contract_path(settings, district))
    try:
        known_from = decide(settings, contract, delivery, reason, settings.effective_as_of())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _end(Ending(Exit.DONE, [f"{district} {delivery} is accepted and known from {known_from}; next: core run"]))


@app.command()
def hold(district: str, delivery: str, reason: Reason, home: Home = None, as_of: AsOf = None) -> None:
    """A steward holds a delivery; the next run takes it out of force."""
    from pipelines.landing.contract import load_contract
    from pipelines.landing.intake import hold as decide

    settings = _settings(None, home, as_of)
    contract = load_contract(_contract_path(settings, district))
    try:
        decide(settings, contract, delivery, reason, settings.effective_as_of())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _end(Ending(Exit.DONE, [f"{district} {delivery} is held; next: core run"]))


@app.command()
def restate(
    district: str,
    snapshot: Annotated[str, typer.Argument(help="Snapshot code, such as G9_EOY.")],
    school_year: Annotated[int, typer.Argument(help="School year in which it was taken (spring year).")],
    reason: Annotated[str, typer.Option(help="Why; it is published, so nothing about a student.")],
    known_on: Annotated[
        str | None, typer.Option(help="Take what was known on this day; today by default.", metavar="DATE")
    ] = None,
    home: Home = None,
    as_of: AsOf = None,
) -> None:
    """A frozen snapshot of a district is taken as known later, from the next run on (docs/operations.md)."""
    from pipelines.landing.contract import load_contract
    from pipelines.release.restate import Asked
    from pipelines.release.restate import restate as decide

    settings = _settings(None, home, as_of)
    contract = load_contract(_contract_path(settings, district))
    try:
        day = dt.date.fromisoformat(known_on) if known_on is not None else None
    except ValueError as error:
        raise typer.BadParameter(f"--known-on: {error}") from error
    if contract.kind != "district":
        raise typer.BadParameter(f"{district} is no district")
    _end(Ending(Exit.DONE, decide(settings, Asked(contract, snapshot, school_year, day, reason))))


@app.command()
def withdraw(
    release: Annotated[str, typer.Argument(help="Release id, or the beginning of one (core releases).")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Take a kept release back: its folder goes, its manifest and the reason stay."""
    from pipelines.release.withdraw import withdraw as take_back

    _end(Ending(Exit.DONE, take_back(_settings(None, home, None), release, reason)))


@app.command()
def synth(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into.")],
    students: Annotated[int | None, typer.Option(help="Students KN-12 of all districts, in real proportions.")] = None,
    per_district: Annotated[int | None, typer.Option(help="Students of the grades written, a district.")] = None,
    grades: Annotated[str, typer.Option(help="Grades written, such as 8-10 or KN-12.")] = "8-10",
    years: Annotated[int, typer.Option(help="Complete school years.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
) -> None:
    """Write synthetic deliveries of all districts, with the true facts beside them."""
    from pipelines.synth.__main__ import parse_grades
    from pipelines.synth.generate import generate
    from pipelines.synth.writers import SynthError

    if students is None and per_district is None:
        students = SYNTH_STUDENTS
    settings = _settings(None, None, None)
    try:
        plans = generate(
            folder, students, per_district, parse_grades(grades), years, seed, settings.contracts, progress=_progress()
        )
    except (SynthError, ArgumentTypeError) as error:
        raise typer.BadParameter(str(error)) from error
    _end(Ending(Exit.DONE, [f"{len(plans)} deliveries in {folder}, as of {(folder / 'AS_OF').read_text().strip()}"]))


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(metavar="STUDENT_KEY|METRIC", help="A student key or a metric code.")],
    school: Annotated[str | None, typer.Option(help="School code: the figure of this school.")] = None,
    district: Annotated[str | None, typer.Option(help="Read this district alone; the figure of this district.")] = None,
    year: Annotated[int | None, typer.Option(help="Cohort year of the figure; the latest by default.")] = None,
    snapshot: Annotated[str | None, typer.Option(help="Snapshot code, such as G9_EOY.")] = None,
    basis: Annotated[str | None, typer.Option(help="Start of a figure of change, such as G8_EOY.")] = None,
    group: Annotated[str, typer.Option(help="Student group of the figure.")] = "ALL",
    tier: Annotated[str, typer.Option(help="Tier of the figure: partner or public.")] = "partner",
    rule_set: Annotated[list[str] | None, typer.Option(help="Another rule set than the default.")] = None,
    next_lane: Annotated[bool, typer.Option("--next-lane", help="The smallest changes for the next lane.")] = False,
    limit: Annotated[int, typer.Option(help="Students listed behind a figure.")] = 20,
    home: Home = None,
) -> None:
    """From a student's lane, or a published figure, back to rule, mark, file and line."""
    from pipelines.explain.ask import explain as tell
    from pipelines.explain.errors import WrongQuestionError
    from pipelines.explain.figure import Question

    question = Question(subject, school, district, year, snapshot, basis, group, tier, limit)
    try:
        lines = tell(_settings(None, home, None), question, rule_set or [], next_lane)
    except WrongQuestionError as error:
        print(f"core: {error}", file=sys.stderr)
        raise typer.Exit(Exit.USAGE) from error
    _end(Ending(Exit.DONE, lines))


@app.command("student-list")
def student_list(
    school: Annotated[str, typer.Argument(metavar="SCHOOL", help="14-digit school code.")],
    csv: Annotated[bool, typer.Option("--csv", help="One line a student, for a spreadsheet.")] = False,
    home: Home = None,
) -> None:
    """Who needs what, and why: ninth graders of a school by lane (needs the district's restricted tier)."""
    from pipelines.student_list import student_list as tell

    _end(Ending(Exit.DONE, tell(_settings(None, home, None), school, csv)))


@app.command()
def page(
    school: Annotated[str, typer.Argument(metavar="SCHOOL", help="14-digit school code.")],
    pdf: Annotated[Path | None, typer.Option(metavar="OUT", help="Write a PDF.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="OUT", help="Write a picture.")] = None,
    tier: Annotated[str, typer.Option(help="Tier of the figures: partner or public.")] = "partner",
    paper: Annotated[str, typer.Option(help="Letter or A4.")] = "Letter",
    home: Home = None,
) -> None:
    """A school's page on two sheets, for a team meeting (needs Chromium)."""
    from pipelines.page import print_page

    asked = [(out, suffix) for out, suffix in ((pdf, ".pdf"), (png, ".png")) if out is not None]
    if not asked:
        raise typer.BadParameter("say where to write: --pdf OUT or --png OUT")
    settings = _settings(None, home, None)
    lines = []
    for out, suffix in asked:
        if out.suffix != suffix:
            raise typer.BadParameter(f"{out} should end in {suffix}")
        lines += print_page(settings, school, tier, out, paper)
    _end(Ending(Exit.DONE, lines))


def main() -> None:
    """Entry point: errors that a person can mend are one line, without a stack of calls."""
    try:
        app()
    except (ContractError, CannotRunError) as error:
        print(f"core: {error}", file=sys.stderr)
        raise SystemExit(Exit.USAGE if isinstance(error, WrongAskError) else Exit.FAILED) from error


def _settings(landing: Path | None, home: Path | None, as_of: str | None, reads_landing: bool = False) -> Settings:
    """Flags win over CORE_* variables, they over core.toml. Only a run asks that the landing is there."""
    flags: dict[str, Path | dt.date] = {}
    if landing is not None:
        flags["landing"] = landing
    if home is not None:
        flags["home"] = home
    try:
        if as_of is not None:
            flags["as_of"] = dt.date.fromisoformat(as_of)
        settings = Settings(**flags)  # type: ignore[arg-type]
    except (ValidationError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    if reads_landing and not settings.landing.is_dir():
        raise typer.BadParameter(f"no such landing: {settings.landing}")
    return settings


def _contract_path(settings: Settings, district: str) -> Path:
    path = settings.contracts / f"{district}.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in settings.contracts.glob("*.yml")))
        raise typer.BadParameter(f"no contract for {district!r}; there are {known}")
    return path


def _progress() -> Callable[[str], None]:
    """Prints to the screen as it is now: what tools print later goes elsewhere."""
    screen = sys.stdout
    began = time.monotonic()
    return lambda line: print(f"{time.monotonic() - began:5.0f} s  {line}", file=screen, flush=True)


def _end(ending: Ending) -> None:
    for line in ending.lines:
        print(line)
    raise typer.Exit(ending.status)
