"""Parquet in a folder and in a bucket of a real S3 server: whole, compared, pointer last, old ones removed, no student."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet
import pytest
from pyarrow import fs

from pipelines.settings import Settings
from pipelines.targets import parquet
from pipelines.targets.errors import TargetError
from pipelines.targets.load import configured, load_target
from pipelines.targets.source import OpenRelease
from tests.support.servers import S3
from tests.support.small_warehouse import KEY, RESTRICTED


class Place:
    """Where a target writes, read without the code that wrote it."""

    def __init__(
        self,
        target: str,
        settings: dict[str, str],
        files: Callable[[], dict[str, bytes]],
        write: Callable[[str, bytes], object],
    ) -> None:
        self.target, self.settings, self.files, self.write = target, settings, files, write

    def pointer(self) -> dict:
        return json.loads(self.files()["current.json"])


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        folder = tmp_path / "target"

        def in_folder() -> dict[str, bytes]:
            return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

        def into_folder(path: str, content: bytes) -> None:
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_bytes(content)

        return Place(str(folder), {}, in_folder, into_folder)
    server: S3 = request.getfixturevalue("s3")
    client, prefix = server.client(), f"{request.node.name.split('[')[0]}/core"

    def in_bucket() -> dict[str, bytes]:
        listed = client.list_objects_v2(Bucket="core", Prefix=f"{prefix}/").get("Contents", [])
        return {
            each["Key"].removeprefix(f"{prefix}/"): client.get_object(Bucket="core", Key=each["Key"])["Body"].read()
            for each in listed
            if not each["Key"].endswith("/")
        }

    def into_bucket(path: str, content: bytes) -> None:
        client.put_object(Bucket="core", Key=f"{prefix}/{path}", Body=content)

    return Place(f"s3://core/{prefix}", server.settings, in_bucket, into_bucket)


@pytest.fixture()
def settings(tmp_path: Path, place: Place) -> Settings:
    return Settings(home=tmp_path / "home", parquet_target=place.target, keep_releases=2, **place.settings)


def load(settings: Settings, release: OpenRelease) -> str:
    return load_target(settings, "parquet", release)


def test_whole_compared_and_pointed_at(settings: Settings, place: Place, releases: list[OpenRelease]) -> None:
    assert configured(settings) == ["parquet"]
    release = releases[0]
    said = load(settings, release)
    assert release.release_id in said and "read back" in said
    files, pointer = place.files(), place.pointer()
    assert pointer["release_id"] == release.release_id and pointer["is_synthetic"] is True
    expected = {"current.json"}
    for tier in ("public", "partner"):
        written = files[pointer["manifests"][tier]["path"]]
        assert hashlib.sha256(written).hexdigest() == pointer["manifests"][tier]["sha256"]
        manifest = json.loads(written)
        facts = {name: facts.model_dump() for name, facts in release.manifest.tables[tier].items()}
        assert (manifest["tier"], manifest["tables"]) == (tier, facts)
        assert set(facts) == {file["path"].removesuffix(".parquet") for file in manifest["files"]}
        for file in manifest["files"]:
            content = files[f"{release.release_id}/{tier}/{file['path']}"]
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
            assert content == (release.folder / tier / "parquet" / file["path"]).read_bytes()
            expected.add(f"{release.release_id}/{tier}/{file['path']}")
        expected.add(pointer["manifests"][tier]["path"])
    assert set(files) == expected, "something else was written, or something is missing"


def test_no_student_and_no_word_of_the_restricted_tier(
    settings: Settings, place: Place, releases: list[OpenRelease]
) -> None:
    load(settings, releases[0])
    files = place.files()
    assert not {Path(path).stem for path in files} & set(RESTRICTED)
    everything = b"".join(files.values())
    assert b"restricted" not in everything and b"core.duckdb" not in everything
    for path, content in files.items():
        if path.endswith(".parquet"):
            rows = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
            assert not any(key in str(rows) for key in KEY.values())
    with pytest.raises(ValueError, match="public"):
        Settings(parquet_tiers=["restricted"])
    with pytest.raises(TargetError, match="never leaves the house"):
        releases[0].parquet("restricted/north", "student")  # type: ignore[arg-type]


def test_one_tier_alone(settings: Settings, place: Place, releases: list[OpenRelease]) -> None:
    load(settings.model_copy(update={"parquet_tiers": ["public"]}), releases[0])
    assert set(place.pointer()["manifests"]) == {"public"}
    assert not [path for path in place.files() if "partner" in path]


def test_old_ones_go_and_what_is_not_ours_stays(settings: Settings, place: Place, releases: list[OpenRelease]) -> None:
    ids = [release.release_id for release in releases]
    place.write("notes/mine.txt", b"keep me")
    for release in releases:
        load(settings, release)
    assert {path.split("/")[0] for path in place.files()} == {"current.json", "notes", *ids[1:]}
    # an older release loaded again is pointed at, and so stays whatever its age
    load(settings, releases[0])
    assert place.pointer()["release_id"] == ids[0]
    assert {path.split("/")[0] for path in place.files()} == {"current.json", "notes", *ids}


def test_a_load_that_breaks_off_leaves_the_pointer(
    settings: Settings, place: Place, releases: list[OpenRelease], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after, _ = releases
    load(settings, before)
    put = parquet._Store.put

    def cut(store: parquet._Store, path: str, content: io.BufferedIOBase) -> None:
        put(store, path, io.BytesIO(content.read()[:-1]) if path.endswith("metric.parquet") else content)

    monkeypatch.setattr(parquet._Store, "put", cut)
    with pytest.raises(TargetError, match=r"does not read back.*core load --to parquet"):
        load(settings, after)
    assert place.pointer()["release_id"] == before.release_id
    monkeypatch.undo()
    load(settings, after)
    assert place.pointer()["release_id"] == after.release_id


def test_a_release_that_was_changed_is_not_loaded(
    settings: Settings, place: Place, releases: list[OpenRelease], tmp_path: Path
) -> None:
    release = replace(releases[0], folder=shutil.copytree(releases[0].folder, tmp_path / "copy"))
    path = release.folder / "partner" / "parquet" / "metric.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(TargetError, match=r"metric\.parquet is not what was published"):
        load(settings, release)
    assert "current.json" not in place.files()


def test_a_place_that_cannot_be_written_is_told_without_secrets(releases: list[OpenRelease], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for target, other in {
        str(tmp_path / "file" / "target"): {},
        "s3://core/x": {"s3_endpoint": "http://127.0.0.1:9", "s3_access_key": "AKIAX", "s3_secret_key": "hush"},
    }.items():
        wrong = Settings(home=tmp_path / "home", parquet_target=target, **other)
        with pytest.raises(TargetError, match="CORE_PARQUET_TARGET") as told:
            load(wrong, releases[0])
        assert "hush" not in str(told.value) and "AKIAX" not in str(told.value)
        assert "\n" not in str(told.value)
    with pytest.raises(TargetError, match="belong together"):
        load(Settings(home=tmp_path / "home", parquet_target="s3://core/x", s3_access_key="a"), releases[0])


def test_readers_of_a_bucket(s3: S3, tmp_path: Path, releases: list[OpenRelease]) -> None:
    """pandas and polars from the bucket give the release's own answer."""
    release = releases[0]
    load(Settings(home=tmp_path / "home", parquet_target="s3://core/readers", **s3.settings), release)
    client = s3.client()
    pointer = json.loads(client.get_object(Bucket="core", Key="readers/current.json")["Body"].read())
    path = f"core/readers/{pointer['release_id']}/partner/metric.parquet"
    own = duckdb.connect(str(release.folder / "partner" / "core.duckdb"), read_only=True)
    expected = own.execute("select metric_code, numerator, denominator, value from metric order by all").fetchall()
    store = fs.S3FileSystem(
        endpoint_override=s3.endpoint.removeprefix("http://"),
        scheme="http",
        access_key=s3.access_key,
        secret_key=s3.secret_key,
    )
    columns = ["metric_code", "numerator", "denominator", "value"]
    frame = pandas.read_parquet(path, filesystem=store, columns=columns)
    assert list(frame.itertuples(index=False, name=None)) == expected
    options = {"aws_endpoint_url": s3.endpoint, "aws_access_key_id": s3.access_key, "aws_secret_access_key": s3.secret_key,
               "aws_region": "us-east-1", "aws_allow_http": "true"}  # fmt: skip
    assert polars.read_parquet(f"s3://{path}", columns=columns, storage_options=options).rows() == expected
