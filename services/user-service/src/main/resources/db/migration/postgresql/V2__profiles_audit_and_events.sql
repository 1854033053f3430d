-- The defaults let replicas of the older version register people while this one replaces them.
ALTER TABLE account
    ADD COLUMN display_name        text,
    ADD COLUMN email               text,
    -- Words parted by spaces.
    ADD COLUMN roles               text        NOT NULL DEFAULT 'user',
    ADD COLUMN disabled_at         timestamptz,
    ADD COLUMN password_changed_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN version             bigint      NOT NULL DEFAULT 1,
    ADD COLUMN updated_at          timestamptz NOT NULL DEFAULT now();
UPDATE account SET password_changed_at = created_at, updated_at = created_at;

-- No reference to account: what was done outlives who did it.
CREATE TABLE audit_entry (
    id              uuid        NOT NULL PRIMARY KEY,
    occurred_at     timestamptz NOT NULL,
    kind            text        NOT NULL,
    user_id         uuid,
    actor_user_id   uuid,
    actor_client_id text,
    address         text,
    request_id      text,
    details         text        NOT NULL
);

-- Its one row is locked until the event is committed: a reader that has seen a position has seen all before it.
CREATE TABLE event_position (
    last bigint NOT NULL
);
INSERT INTO event_position (last) VALUES (0);

CREATE TABLE event (
    position    bigint      NOT NULL PRIMARY KEY,
    id          uuid        NOT NULL UNIQUE,
    type        text        NOT NULL,
    user_id     uuid        NOT NULL,
    session_id  uuid,
    occurred_at timestamptz NOT NULL
);
