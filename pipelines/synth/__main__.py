"""`python -m pipelines.synth DIR ...`: the same as `core synth`, without the rest of the house."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.landing.contract import ContractError
from pipelines.synth.generate import PROJECT, generate
from pipelines.synth.writers import SynthError


def parse_grades(text: str) -> tuple[str, str]:
    """'8-10', 'KN-12' or '9' to the two grades in canonical form. Raises argparse.ArgumentTypeError."""
    parts = text.upper().split("-")
    if len(parts) > 2 or not all(part == "KN" or part.isdigit() for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r}: expected grades such as 8-10 or KN-12")
    grades = [part if part == "KN" else part.zfill(2) for part in parts]
    return grades[0], grades[-1]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `core synth`."""
    parser.add_argument("dir", type=Path, help="folder to write into")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--students", type=int, help="students KN-12 of all districts, in their real proportions")
    size.add_argument("--per-district", type=int, help="students at a time in the grades written, the same a district")
    parser.add_argument("--grades", type=parse_grades, default=("08", "10"), help="grades written (default 8-10)")
    parser.add_argument("--years", type=int, default=4, help="complete school years (default 4)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--contracts", type=Path, default=PROJECT / "data" / "contracts")


def main(arguments: list[str] | None = None) -> int:
    """Run `generate`; 0 done, 2 wrong usage (argparse exits itself)."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.synth", description=__doc__)
    add_arguments(parser)
    args = parser.parse_args(arguments)
    students = args.students if args.students is not None or args.per_district is not None else 20_000
    try:
        generate(
            args.dir,
            students=students,
            per_district=args.per_district,
            grades=args.grades,
            years=args.years,
            seed=args.seed,
            contracts_dir=args.contracts,
        )
    except (SynthError, ContractError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
