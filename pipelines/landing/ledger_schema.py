"""Tables of the ledger. Times stand here and nowhere in raw."""

# raised when a table is added: a ledger of an earlier version then gets what it lacks
SCHEMA_VERSION = 4
SCHEMA = """
create table if not exists delivery (
    district text not null, delivery text not null, delivery_date text, digest text not null, path text not null,
    is_synthetic integer not null, status text not null check (status in ('accepted', 'held')), reason text not null,
    is_late integer not null, contract text not null, resent_of text, notes text not null,
    found_at text not null, judged_at text not null,
    primary key (district, delivery)
);
create table if not exists file (
    district text not null, delivery text not null, path text not null, feed text not null, sha256 text not null,
    size integer not null, scope text not null, recipe text not null, file_id text, problem text, problem_line integer,
    primary key (district, delivery, path, feed)
);
create index if not exists file_content on file (district, feed, sha256, scope, recipe);
-- One row per content read: the account, and `read` (JSON) with everything that the checks measure.
create table if not exists content (
    file_id text primary key, district text not null, feed text not null, recipe text not null, sha256 text not null,
    size integer not null, lines integer not null, header integer not null, records integer not null,
    continuation integer not null, rejected integer not null, blank integer not null, read text not null
);
create table if not exists scope (
    file_id text not null, scope text not null, rows integer not null, primary key (file_id, scope)
);
create table if not exists failure (
    district text not null, delivery text not null, number integer not null, name text not null, feed text not null,
    n real not null, max real not null, place text not null, what text not null, what_to_do text not null,
    primary key (district, delivery, number)
);
create table if not exists decision (
    id integer primary key, district text not null, delivery text not null,
    decision text not null check (decision in ('accept', 'hold')), reason text not null, decided_on text not null,
    known_from text not null, recorded_at text not null
);
create table if not exists freeze (
    vantage text primary key, freeze_date text not null, signature text not null, file text not null,
    release_id text not null, recorded_at text not null
);
-- Frozen snapshots that are taken as known on a later day; `counts` is the folder of the public counts as they were.
create table if not exists restatement (
    id integer primary key, district text not null, snapshot_code text not null, window_code text not null,
    school_year integer not null, known_on text not null, decided_on text not null, reason text not null,
    counts text not null, recorded_at text not null
);
-- Releases that an operator took back: their folders are gone.
create table if not exists withdrawal (
    release_id text primary key, reason text not null, recorded_at text not null
);
create table if not exists run (
    run_id text primary key, started_at text not null, ended_at text, fingerprint text not null, as_of text not null,
    status text not null, release_id text, message text not null
);
-- A release that an operator made current again.
create table if not exists rollback (
    id integer primary key, from_release text not null, to_release text not null, reason text not null,
    recorded_at text not null
);
-- The last attempt to load a release into an optional target.
create table if not exists target (
    name text primary key, release_id text not null, status text not null check (status in ('loaded', 'failed')),
    message text not null, recorded_at text not null
);
-- Fingerprints of the secret behind student_key, the last one in use.
create table if not exists secret (
    id integer primary key, fingerprint text not null,
    event text not null check (event in ('made', 'found', 'rotated')), reason text not null, recorded_at text not null
);
create table if not exists hash (
    path text primary key, size integer not null, mtime_ns integer not null, value text not null
);
"""
