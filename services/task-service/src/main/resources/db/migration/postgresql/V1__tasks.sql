-- All work is by owner, and lists are in the order of ids, which is the order of creation. The key begins with the owner,
-- and no index is on ids alone: a planner could choose it for a list, and read everybody's tasks to find one owner's.
CREATE TABLE task (
    id          uuid        NOT NULL,
    owner_id    uuid        NOT NULL,
    title       text        NOT NULL,
    description text,
    status      text        NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (owner_id, id)
);

CREATE INDEX task_by_owner_and_status ON task (owner_id, status, id);

-- One row: the key that all replicas sign cursors with.
CREATE TABLE cursor_key (
    id     integer NOT NULL PRIMARY KEY CHECK (id = 1),
    secret bytea   NOT NULL
);
