CREATE INDEX task_by_position ON task (list_id, position, id) WHERE deleted_at IS NULL;

CREATE INDEX task_in_trash ON task (list_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX task_by_deletion ON task (deleted_at) WHERE deleted_at IS NOT NULL;
