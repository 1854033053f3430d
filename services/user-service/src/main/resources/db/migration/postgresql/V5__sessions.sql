-- A session that has ended has no row.
CREATE TABLE session (
    id               uuid        NOT NULL PRIMARY KEY,
    user_id          uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id        text        NOT NULL,
    -- Words parted by spaces, as in the access token.
    scope            text        NOT NULL,
    methods          text        NOT NULL,
    authenticated_at timestamptz NOT NULL,
    created_at       timestamptz NOT NULL,
    last_used_at     timestamptz NOT NULL,
    address          text,
    user_agent       text,
    -- What its refresh tokens are computed with, encrypted by the key from outside of the database.
    sealed_key       bytea       NOT NULL,
    generation       integer     NOT NULL
);
CREATE INDEX session_of_user ON session (user_id, id);
-- For the purge.
CREATE INDEX session_last_used ON session (last_used_at);
CREATE INDEX session_created ON session (created_at);
