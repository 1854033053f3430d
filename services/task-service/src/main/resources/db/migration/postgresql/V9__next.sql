-- What is still to be done, by what makes it urgent.
CREATE INDEX task_open_by_priority ON task (list_id, priority, id) WHERE deleted_at IS NULL AND status <> 'done';
CREATE INDEX task_open_by_due ON task (list_id, COALESCE(due_at, 'infinity'), id)
    WHERE deleted_at IS NULL AND status <> 'done';
