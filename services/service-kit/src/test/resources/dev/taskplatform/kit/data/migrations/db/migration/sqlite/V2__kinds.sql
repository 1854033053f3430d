-- Every type that is copied. Tables refer to themselves, to each other, and to one that comes later by name.
CREATE TABLE kinds (
    id      TEXT    NOT NULL PRIMARY KEY,
    yes     INTEGER CHECK (yes IN (0, 1)),
    small   INTEGER,
    large   INTEGER,
    real    REAL,
    text    TEXT,
    bytes   BLOB,
    instant INTEGER,
    json    TEXT,
    parent  TEXT REFERENCES kinds (id) DEFERRABLE INITIALLY DEFERRED,
    zone    TEXT REFERENCES zone (code)
) STRICT;

CREATE TABLE zone (
    code TEXT NOT NULL PRIMARY KEY
) STRICT;

CREATE TABLE alpha (
    id   TEXT NOT NULL PRIMARY KEY,
    beta TEXT REFERENCES beta (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE beta (
    id    TEXT NOT NULL PRIMARY KEY,
    alpha TEXT NOT NULL REFERENCES alpha (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE counted (
    seq  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    text TEXT    NOT NULL
) STRICT;

-- Without a key; and one row that is there from the start.
CREATE TABLE loose (
    text  TEXT,
    value INTEGER
) STRICT;

CREATE TABLE counter (
    last INTEGER NOT NULL
) STRICT;
INSERT INTO counter (last) VALUES (0);

-- Only ever added to.
CREATE TABLE audit (
    id   TEXT NOT NULL PRIMARY KEY,
    what TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
