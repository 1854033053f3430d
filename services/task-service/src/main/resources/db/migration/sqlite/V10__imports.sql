-- An import: the file is taken apart into rows as it comes, and the rows become tasks in the background.
CREATE TABLE task_import (
    id          TEXT    NOT NULL PRIMARY KEY,
    user_id     TEXT    NOT NULL,
    format      TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('receiving', 'waiting', 'running', 'done', 'failed', 'cancelled')),
    received    INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    errors      TEXT,
    step        TEXT    NOT NULL CHECK (step IN ('tasks', 'links')),
    done_seq    INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX task_import_by_user ON task_import (user_id, id);
CREATE INDEX task_import_by_state ON task_import (state, lease_until);

CREATE TABLE task_import_row (
    import_id TEXT    NOT NULL REFERENCES task_import (id),
    seq       INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    ref       TEXT,
    entity_id TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('list', 'task')),
    linked    INTEGER NOT NULL CHECK (linked IN (0, 1)),
    data      TEXT    NOT NULL,
    PRIMARY KEY (import_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_import_row_by_ref ON task_import_row (import_id, ref) WHERE ref IS NOT NULL;
CREATE INDEX task_import_row_linked ON task_import_row (import_id, seq) WHERE linked = 1;
