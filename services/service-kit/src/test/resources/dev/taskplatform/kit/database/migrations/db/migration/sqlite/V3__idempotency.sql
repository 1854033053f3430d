CREATE TABLE idempotency_key (
    id          BLOB    NOT NULL PRIMARY KEY,
    fingerprint BLOB    NOT NULL,
    claim       TEXT    NOT NULL,
    expires_at  INTEGER NOT NULL,
    answer      BLOB
) STRICT;
