-- Persons and sessions whose access tokens are refused, until the last of these has expired. The ids of both are unique.
CREATE TABLE ended (
    id         uuid        NOT NULL PRIMARY KEY,
    reason     text        NOT NULL CHECK (reason IN ('session_revoked', 'user_disabled', 'user_deleted')),
    expires_at timestamptz NOT NULL
);

CREATE INDEX ended_by_end ON ended (expires_at);

-- One row: how far the user service's events have been acted on. Without a cursor, from the first that it keeps.
CREATE TABLE followed_feed (
    id         integer NOT NULL PRIMARY KEY CHECK (id = 1),
    next_after text
);

INSERT INTO followed_feed (id) VALUES (1);

-- Deleted accounts whose tasks are still to be removed, and their deletion to be acknowledged.
CREATE TABLE removal (
    deletion_id uuid NOT NULL PRIMARY KEY,
    owner_id    uuid NOT NULL
);
