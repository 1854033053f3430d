-- Requests that clients may repeat. No column is readable without the client's key, which is not here.
CREATE TABLE idempotency_key (
    id          BLOB    NOT NULL PRIMARY KEY,
    fingerprint BLOB    NOT NULL,
    claim       TEXT    NOT NULL,
    expires_at  INTEGER NOT NULL,
    answer      BLOB
) STRICT;

CREATE INDEX idempotency_key_by_end ON idempotency_key (expires_at);
