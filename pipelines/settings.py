"""CORE_* settings, one class: where things lie and what the operator may choose. Nothing of education belongs here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PROJECT = Path(__file__).resolve().parents[1]
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
# The tiers that may leave the house; restricted is not among them, so that no setting can name it.
OpenTier = Literal["public", "partner"]
# A name in PostgreSQL that needs no quotes and leaves room for a suffix
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,49}$")]


class Settings(BaseSettings):
    """Settings from flags (constructor), then CORE_* environment variables, then core.toml in the project's folder."""

    # what is wrong may be a secret: errors name the setting, never its value
    model_config = SettingsConfigDict(
        env_prefix="CORE_",
        toml_file=PROJECT / "core.toml",
        extra="forbid",
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    home: Path = PROJECT / "var"
    landing: Path = PROJECT / "data" / "sample"
    contracts: Path = PROJECT / "data" / "contracts"
    as_of: dt.date | None = None
    keep_releases: int = 14
    # threads of the engine and models that dbt builds at a time; fewer need less memory, and change no result
    threads: int | None = Field(default=None, ge=1)
    # optional targets, loaded after a release is current (docs/bi.md): none unless one of the first two is given
    postgres_dsn: SecretStr | None = None
    parquet_target: str | None = None
    postgres_schemas: dict[OpenTier, Name] = {"public": "core_public", "partner": "core_partner"}
    postgres_readers: dict[OpenTier, Name] = {"public": "core_public_reader", "partner": "core_partner_reader"}
    parquet_tiers: list[OpenTier] = ["public", "partner"]
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over core.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def ledger_path(self) -> Path:
        """SQLite ledger of deliveries, files, decisions, freezes and runs."""
        return self.home / "ledger.sqlite"

    @property
    def raw(self) -> Path:
        """Immutable, content-named Parquet."""
        return self.home / "raw"

    @property
    def frozen(self) -> Path:
        """Kept frozen snapshots."""
        return self.home / "frozen"

    @property
    def restated(self) -> Path:
        """Counts behind public figures as they were before each restatement."""
        return self.home / "restated"

    @property
    def warehouse(self) -> Path:
        """The disposable DuckDB warehouse."""
        return self.home / "warehouse" / "core.duckdb"

    @property
    def published(self) -> Path:
        """Releases and the link `current`."""
        return self.home / "published"

    @property
    def key_path(self) -> Path:
        """Secret behind student_key."""
        return self.home / "key"

    def effective_as_of(self) -> dt.date:
        """The as-of date: as given, else today in Los Angeles."""
        return self.as_of or dt.datetime.now(LOS_ANGELES).date()
