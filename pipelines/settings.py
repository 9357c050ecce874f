"""CORE_* settings, one class: where things lie and what the operator may choose. Nothing of education belongs here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PROJECT = Path(__file__).resolve().parents[1]
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


class Settings(BaseSettings):
    """Settings from flags (constructor), then CORE_* environment variables, then core.toml in the project's folder."""

    model_config = SettingsConfigDict(env_prefix="CORE_", toml_file=PROJECT / "core.toml", extra="forbid")

    home: Path = PROJECT / "var"
    landing: Path = PROJECT / "data" / "sample"
    contracts: Path = PROJECT / "data" / "contracts"
    as_of: dt.date | None = None
    keep_releases: int = 14
    threads: int | None = None

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
