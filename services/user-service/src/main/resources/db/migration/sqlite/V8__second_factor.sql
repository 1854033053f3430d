-- The authenticator of an account; counts once it is enabled.
CREATE TABLE totp (
    user_id       TEXT    NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    id            TEXT    NOT NULL,
    sealed_secret BLOB    NOT NULL,
    created_at    INTEGER NOT NULL,
    enabled_at    INTEGER,
    -- No code of this or an earlier time step is taken again.
    last_step     INTEGER
) STRICT;

-- A code that was used has no row.
CREATE TABLE recovery_code (
    user_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) STRICT;
