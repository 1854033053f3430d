CREATE TABLE idempotency_key (
    id          bytea       NOT NULL PRIMARY KEY,
    fingerprint bytea       NOT NULL,
    claim       uuid        NOT NULL,
    expires_at  timestamptz NOT NULL,
    answer      bytea
);
