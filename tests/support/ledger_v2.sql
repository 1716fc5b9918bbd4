CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('init', 'issue', 'sync')),
    today TEXT NOT NULL,
    started TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}'
);

CREATE TABLE submissions (
    position INTEGER PRIMARY KEY,
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    received TEXT NOT NULL,
    send INTEGER NOT NULL,
    base_run INTEGER NOT NULL,
    modified TEXT,
    run INTEGER NOT NULL REFERENCES runs (id),
    status TEXT NOT NULL CHECK (status IN ('accepted', 'superseded', 'duplicate', 'rejected')),
    rows TEXT NOT NULL,
    findings TEXT NOT NULL,
    explanations TEXT NOT NULL DEFAULT '{}',
    UNIQUE (programme, unit, path, sha256)
);

CREATE TABLE row_versions (
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    tbl TEXT NOT NULL,
    record TEXT NOT NULL,
    run_from INTEGER NOT NULL REFERENCES runs (id),
    run_to INTEGER REFERENCES runs (id),
    "values" TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'missing', 'withdrawn')),
    file TEXT NOT NULL,
    sheet TEXT NOT NULL,
    number INTEGER NOT NULL,
    cells TEXT NOT NULL,
    invalid TEXT NOT NULL,
    first_received TEXT,
    PRIMARY KEY (programme, unit, tbl, record, run_from)
);
CREATE UNIQUE INDEX open_rows ON row_versions (programme, unit, tbl, record) WHERE run_to IS NULL;

CREATE TABLE office_values (
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    tbl TEXT NOT NULL,
    record TEXT NOT NULL,
    "column" TEXT NOT NULL,
    run_from INTEGER NOT NULL REFERENCES runs (id),
    run_to INTEGER REFERENCES runs (id),
    value TEXT NOT NULL,
    PRIMARY KEY (programme, unit, tbl, record, "column", run_from)
);

CREATE TABLE serials (
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    tbl TEXT NOT NULL,
    issued INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (programme, unit, tbl)
);

CREATE TABLE issued (
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    sha256 TEXT NOT NULL,
    PRIMARY KEY (programme, unit, run, sha256)
);

CREATE TABLE findings (
    position INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    finding TEXT NOT NULL
);
CREATE INDEX findings_of_run ON findings (run, programme, unit);

CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    tbl TEXT NOT NULL,
    record TEXT NOT NULL,
    "column" TEXT NOT NULL,
    kind TEXT NOT NULL
        CHECK (kind IN ('inserted', 'updated', 'missing', 'withdrawn', 'restored', 'proposed')),
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    file TEXT NOT NULL
);
CREATE INDEX changes_of_run ON changes (run, programme, unit);

CREATE TABLE state (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE explanations (
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    finding TEXT NOT NULL,
    run_from INTEGER NOT NULL REFERENCES runs (id),
    run_to INTEGER REFERENCES runs (id),
    text TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (programme, unit, finding, run_from)
);
