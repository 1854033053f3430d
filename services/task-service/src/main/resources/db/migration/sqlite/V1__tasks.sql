CREATE TABLE task (
    id          TEXT    NOT NULL PRIMARY KEY,
    owner_id    TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT,
    status      TEXT    NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

-- Lists are in the order of ids, which is the order of creation.
CREATE INDEX task_by_owner ON task (owner_id, id);
CREATE INDEX task_by_owner_and_status ON task (owner_id, status, id);

-- One row: the key that all replicas sign cursors with.
CREATE TABLE cursor_key (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    secret BLOB    NOT NULL
) STRICT;
