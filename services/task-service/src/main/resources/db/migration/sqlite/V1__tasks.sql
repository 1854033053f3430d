-- All work is by owner, and lists are in the order of ids, which is the order of creation. The key begins with the owner,
-- and no index is on ids alone: a planner could choose it for a list, and read everybody's tasks to find one owner's.
CREATE TABLE task (
    id          TEXT    NOT NULL,
    owner_id    TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT,
    status      TEXT    NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (owner_id, id)
) STRICT;

CREATE INDEX task_by_owner_and_status ON task (owner_id, status, id);

-- One row: the key that all replicas sign cursors with.
CREATE TABLE cursor_key (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    secret BLOB    NOT NULL
) STRICT;
