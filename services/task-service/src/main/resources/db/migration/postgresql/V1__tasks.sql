CREATE TABLE task (
    id          uuid        NOT NULL PRIMARY KEY,
    owner_id    uuid        NOT NULL,
    title       text        NOT NULL,
    description text,
    status      text        NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

-- Lists are in the order of ids, which is the order of creation.
CREATE INDEX task_by_owner ON task (owner_id, id);
CREATE INDEX task_by_owner_and_status ON task (owner_id, status, id);

-- One row: the key that all replicas sign cursors with.
CREATE TABLE cursor_key (
    id     integer NOT NULL PRIMARY KEY CHECK (id = 1),
    secret bytea   NOT NULL
);
