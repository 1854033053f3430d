-- Reminders that are still to come.
CREATE TABLE task_reminder (
    task_id   TEXT    NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    reminder  TEXT    NOT NULL,
    remind_at INTEGER NOT NULL,
    PRIMARY KEY (task_id, reminder)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_reminder_by_time ON task_reminder (remind_at);
