-- A person's inbox has the id of the person. It is made with the first task that names no list.
CREATE TABLE list (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    inbox      INTEGER NOT NULL CHECK (inbox IN (0, 1)),
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- Who sees which list, and what they may do there. Every query for tasks joins this table.
CREATE TABLE list_member (
    user_id  TEXT    NOT NULL,
    list_id  TEXT    NOT NULL REFERENCES list (id),
    role     TEXT    NOT NULL CHECK (role IN ('read', 'write', 'admin', 'owner')),
    position INTEGER NOT NULL,
    PRIMARY KEY (user_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX list_member_by_list ON list_member (list_id, user_id);
CREATE UNIQUE INDEX list_owner ON list_member (list_id) WHERE role = 'owner';

-- Who saw a list and does not any more: clients that follow changes remove their copies.
CREATE TABLE list_departure (
    user_id  TEXT    NOT NULL,
    list_id  TEXT    NOT NULL,
    position INTEGER NOT NULL,
    left_at  INTEGER NOT NULL,
    PRIMARY KEY (user_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX list_departure_by_time ON list_departure (left_at);

-- What labels, assignees and blocked_by say is JSON, as it is read with the task; the tables below are their indexes.
ALTER TABLE task RENAME TO task_v1;
DROP INDEX task_by_owner_and_status;

-- Full-text search and other indexes name a row by its number, which must stay the same.
CREATE TABLE task (
    number       INTEGER NOT NULL PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    list_id      TEXT    NOT NULL REFERENCES list (id),
    creator_id   TEXT,
    title        TEXT    NOT NULL,
    description  TEXT,
    status       TEXT    NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    priority     INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 4),
    due          TEXT,
    due_at       INTEGER,
    start        TEXT,
    start_at     INTEGER,
    labels       TEXT,
    assignees    TEXT,
    parent_id    TEXT,
    blocked_by   TEXT,
    recurrence   TEXT,
    reminders    TEXT,
    position     TEXT    NOT NULL,
    completed_at INTEGER,
    deleted_at   INTEGER,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

INSERT INTO list (id, name, inbox, version, created_at, updated_at)
    SELECT owner_id, 'Inbox', 1, 1, min(created_at), min(created_at) FROM task_v1 GROUP BY owner_id;
INSERT INTO list_member (user_id, list_id, role, position)
    SELECT id, id, 'owner', 0 FROM list;
INSERT INTO task (id, list_id, creator_id, title, description, status, priority, position, completed_at, version, created_at, updated_at)
    SELECT id, owner_id, owner_id, title, description, status, 0, replace(id, '-', ''),
           CASE WHEN status = 'done' THEN updated_at END, version, created_at, updated_at FROM task_v1;
DROP TABLE task_v1;

-- By the time and not by the id alone: a planner could choose the key of all tasks then, and read everybody's for a list's.
CREATE INDEX task_by_list ON task (list_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_parent ON task (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE task_label (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    label   TEXT NOT NULL,
    PRIMARY KEY (task_id, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_assignee (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    PRIMARY KEY (user_id, task_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_assignee_by_task ON task_assignee (task_id);

CREATE TABLE task_dependency (
    task_id    TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    blocker_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    PRIMARY KEY (task_id, blocker_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_dependency_by_blocker ON task_dependency (blocker_id);

-- Where each thing of a list stands in the order of changes: once, at its latest. What was removed stays for a time.
CREATE TABLE change (
    list_id    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    entity_id  TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    removed    INTEGER NOT NULL CHECK (removed IN (0, 1)),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (list_id, kind, entity_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_by_position ON change (list_id, position, entity_id);
CREATE INDEX change_by_removal ON change (changed_at) WHERE removed = 1;

-- The last position. There is one writer at a time, so whoever has seen a position has seen all before it.
CREATE TABLE change_clock (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    base INTEGER NOT NULL
) STRICT;

INSERT INTO change_clock (id, base) VALUES (1, 0);
INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)
    SELECT id, 'list', id, 0, 0, updated_at FROM list;
INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)
    SELECT list_id, 'task', id, 0, 0, updated_at FROM task;
