-- Requests that clients may repeat. No column is readable without the client's key, which is not here.
CREATE TABLE idempotency_key (
    id          bytea       NOT NULL PRIMARY KEY,
    fingerprint bytea       NOT NULL,
    claim       uuid        NOT NULL,
    expires_at  timestamptz NOT NULL,
    answer      bytea
);

CREATE INDEX idempotency_key_by_end ON idempotency_key (expires_at);
