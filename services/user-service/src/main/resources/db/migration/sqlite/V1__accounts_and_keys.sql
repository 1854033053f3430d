CREATE TABLE account (
    id            TEXT    NOT NULL PRIMARY KEY,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- One row a generation: replicas that make a key at once agree on who was first.
CREATE TABLE signing_key (
    generation INTEGER NOT NULL PRIMARY KEY,
    kid        TEXT    NOT NULL UNIQUE,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
