-- A session that has ended has no row.
CREATE TABLE session (
    id               TEXT    NOT NULL PRIMARY KEY,
    user_id          TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id        TEXT    NOT NULL,
    -- Words parted by spaces, as in the access token.
    scope            TEXT    NOT NULL,
    methods          TEXT    NOT NULL,
    authenticated_at INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    last_used_at     INTEGER NOT NULL,
    address          TEXT,
    user_agent       TEXT,
    -- What its refresh tokens are computed with, encrypted by the key from outside of the database.
    sealed_key       BLOB    NOT NULL,
    generation       INTEGER NOT NULL
) STRICT;
CREATE INDEX session_of_user ON session (user_id, id);
-- For the purge.
CREATE INDEX session_last_used ON session (last_used_at);
CREATE INDEX session_created ON session (created_at);
