"""Models of a contract (docs/architecture.md, section 2): what each key may be, nothing about files of YAML."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Format = Literal["delimited", "jsonl", "edfi_xml"]
Encoding = Literal["utf-8", "cp1252"]
Provides = Literal[
    "enrollment", "students", "schools", "terms", "calendar", "sections", "marks", "attendance", "discipline",
    "programs", "hub", "reference",
]  # fmt: skip
DIALECT = ("format", "encoding", "delimiter", "quote", "header")


def _number(value: object) -> object:
    # YAML floats would lose their written form: 3.3 must stay 3.3
    return Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_number)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Parameters(_Strict):
    """One row of raw.district: what differs between districts in rules, not in files."""

    term_system: Literal["semester", "trimester", "quarter", "block"]
    grad_credits: Number
    period_absent_rule: Literal["all_periods", "majority", "fraction"]
    attendance_form: Literal["absences", "periods", "positive"]
    np_as_f: bool
    credit_multiplier: Number


class Dialect(_Strict):
    """How text is written; the defaults of a contract."""

    format: Format = "delimited"
    encoding: Encoding = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str | None = Field(default='"', min_length=1, max_length=1)
    header: bool = True


class Scope(_Strict):
    """What a file replaces: the rows with the same value of a column, or with the same part of the path."""

    column: str | None = None
    path: str | None = None


class DeleteWhen(_Strict):
    """Rows that say that their key is gone."""

    column: str
    values: list[str] = Field(min_length=1)


class Column(_Strict):
    """A column of a feed. `path` is where jsonl and XML keep it; `codes` names the code map its values must be in."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    header: str | None = None
    path: str | None = None
    required: bool = True
    refuse: bool = False
    codes: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value

    @property
    def sent_as(self) -> str:
        """Name in the file's header."""
        return self.name if self.header is None else self.header


class Feed(_Strict):
    """One entry of `files`; after loading, its dialect is complete."""

    feed: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    pattern: str = Field(min_length=1)
    provides: Provides
    required: bool = False
    mode: Literal["replace", "upsert"] = "replace"
    scope: Scope | None = None
    key: list[str] = Field(default_factory=list)
    delete_when: DeleteWhen | None = None
    deletes: bool = False
    of_feed: str | None = None
    school: str | None = None
    columns: list[Column] = Field(min_length=1)
    record: str | None = None
    format: Format = "delimited"
    encoding: Encoding = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str | None = Field(default='"', min_length=1, max_length=1)
    header: bool = True

    @property
    def column_names(self) -> list[str]:
        """Names in raw, in file order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name. Raises StopIteration."""
        return next(column for column in self.columns if column.name == name)

    def recipe(self) -> str:
        """Hash of all that decides how bytes become rows; a file read by another recipe is read again."""
        parts = self.model_dump(
            mode="json", include={*DIALECT, "columns", "record", "scope", "mode", "key", "school", "delete_when"}
        )
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


class Absent(_Strict):
    """A feed that the district does not send, with the reason."""

    feed: str
    reason: str


class CodeRow(_Strict):
    """A code of the district and what it means here, between two days (both inclusive; null = open)."""

    code: str
    value: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class MarkRange(_Strict):
    """Numeric marks from low to high, both inclusive."""

    low: Number
    high: Number
    mark: str


class MarkScale(_Strict):
    """A mark scale, valid between two days (both inclusive; null = open)."""

    scale: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    marks: dict[str, str] = Field(default_factory=dict)
    ranges: list[MarkRange] = Field(default_factory=list)


class QuirkExpectation(_Strict):
    """What must be measured for the quirk to be still there."""

    feed: str
    measure: str
    equals: bool | int | str


class Quirk(_Strict):
    """An oddity of a district's files, with its reason; one no longer seen is reported."""

    id: str
    what: str
    reason: str
    expect: QuirkExpectation | None = None


def _code_rows(value: object) -> object:
    if isinstance(value, dict):
        return [{"code": code, "value": meaning} for code, meaning in value.items()]
    return value


CodeRows = Annotated[list[CodeRow], BeforeValidator(_code_rows)]


class Contract(_Strict):
    """A district's (hub's, reference's) contract; keys as in docs/architecture.md, section 2."""

    contract: Literal[1]
    kind: Literal["district", "hub", "reference"]
    district: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    district_code: str = Field(default="0000000", pattern=r"^\d{7}$")
    district_name: str
    system: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    parameters: Parameters | None = None
    defaults: Dialect = Field(default_factory=Dialect)
    ignore: list[str] = Field(default_factory=list)
    files: list[Feed] = Field(min_length=1)
    absent: list[Absent] = Field(default_factory=list)
    codes: dict[str, CodeRows] = Field(default_factory=dict)
    mark_scales: list[MarkScale] = Field(default_factory=list)
    course_subjects: dict[str, str] = Field(default_factory=dict)
    quirks: list[Quirk] = Field(default_factory=list)
    checks: dict[str, Number] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _complete_dialects(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("defaults"), dict):
            return value
        defaults = {key: value["defaults"][key] for key in DIALECT if key in value["defaults"]}
        files = value.get("files")
        if isinstance(files, list):
            files = [{**defaults, **entry} if isinstance(entry, dict) else entry for entry in files]
        return {**value, "files": files}

    def feed(self, name: str) -> Feed:
        """The feed of that name. Raises KeyError."""
        for feed in self.files:
            if feed.feed == name:
                return feed
        raise KeyError(name)

    def fingerprint(self) -> str:
        """Hash of the whole contract."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:24]
