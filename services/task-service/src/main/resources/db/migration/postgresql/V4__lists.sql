-- A person's inbox has the id of the person. It is made with the first task that names no list.
CREATE TABLE list (
    id         uuid        NOT NULL PRIMARY KEY,
    name       text        NOT NULL,
    inbox      boolean     NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Who sees which list, and what they may do there. Every query for tasks joins this table.
CREATE TABLE list_member (
    user_id  uuid   NOT NULL,
    list_id  uuid   NOT NULL REFERENCES list (id),
    role     text   NOT NULL CHECK (role IN ('read', 'write', 'admin', 'owner')),
    position bigint NOT NULL,
    PRIMARY KEY (user_id, list_id)
);

CREATE INDEX list_member_by_list ON list_member (list_id, user_id);
CREATE UNIQUE INDEX list_owner ON list_member (list_id) WHERE role = 'owner';

-- Who saw a list and does not any more: clients that follow changes remove their copies.
CREATE TABLE list_departure (
    user_id  uuid        NOT NULL,
    list_id  uuid        NOT NULL,
    position bigint      NOT NULL,
    left_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, list_id)
);

CREATE INDEX list_departure_by_time ON list_departure (left_at);

-- What labels, assignees and blocked_by say is JSON, as it is read with the task; the tables below are their indexes.
ALTER TABLE task RENAME TO task_v1;
ALTER TABLE task_v1 RENAME CONSTRAINT task_pkey TO task_v1_pkey;

CREATE TABLE task (
    id           uuid        NOT NULL PRIMARY KEY,
    list_id      uuid        NOT NULL REFERENCES list (id),
    creator_id   uuid,
    title        text        NOT NULL,
    description  text,
    status       text        NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
    priority     smallint    NOT NULL CHECK (priority BETWEEN 0 AND 4),
    due          text,
    due_at       timestamptz,
    start        text,
    start_at     timestamptz,
    labels       text,
    assignees    text,
    parent_id    uuid,
    blocked_by   text,
    recurrence   text,
    reminders    text,
    position     text COLLATE "C" NOT NULL,
    completed_at timestamptz,
    deleted_at   timestamptz,
    version      bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

INSERT INTO list (id, name, inbox, version, created_at, updated_at)
    SELECT owner_id, 'Inbox', true, 1, min(created_at), min(created_at) FROM task_v1 GROUP BY owner_id;
INSERT INTO list_member (user_id, list_id, role, position)
    SELECT id, id, 'owner', 0 FROM list;
INSERT INTO task (id, list_id, creator_id, title, description, status, priority, position, completed_at, version, created_at, updated_at)
    SELECT id, owner_id, owner_id, title, description, status, 0, replace(id::text, '-', ''),
           CASE WHEN status = 'done' THEN updated_at END, version, created_at, updated_at FROM task_v1;
DROP TABLE task_v1;

-- By the time and not by the id alone: a planner could choose the key of all tasks then, and read everybody's for a list's.
CREATE INDEX task_by_list ON task (list_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_parent ON task (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE task_label (
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    label   text COLLATE "C" NOT NULL,
    PRIMARY KEY (task_id, label)
);

CREATE TABLE task_assignee (
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    PRIMARY KEY (user_id, task_id)
);

CREATE INDEX task_assignee_by_task ON task_assignee (task_id);

CREATE TABLE task_dependency (
    task_id    uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    blocker_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    PRIMARY KEY (task_id, blocker_id)
);

CREATE INDEX task_dependency_by_blocker ON task_dependency (blocker_id);

-- Where each thing of a list stands in the order of changes: once, at its latest. What was removed stays for a time.
CREATE TABLE change (
    list_id    uuid        NOT NULL,
    kind       text        NOT NULL,
    entity_id  uuid        NOT NULL,
    position   bigint      NOT NULL,
    removed    boolean     NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (list_id, kind, entity_id)
);

CREATE INDEX change_by_position ON change (list_id, position, entity_id);
CREATE INDEX change_by_removal ON change (changed_at) WHERE removed;

-- A position is the base and the number of the transaction. A reader stops before the oldest that has not ended, so it
-- never passes one that ends later. The base grows when the numbers begin anew, as after a restore on another server.
CREATE TABLE change_clock (
    id   integer NOT NULL PRIMARY KEY CHECK (id = 1),
    base bigint  NOT NULL
);

INSERT INTO change_clock (id, base) VALUES (1, 0);
INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)
    SELECT id, 'list', id, 0, false, updated_at FROM list;
INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)
    SELECT list_id, 'task', id, 0, false, updated_at FROM task;
