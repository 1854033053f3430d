-- The feed reads a range of change_by_position of each list, also of what was there when a person gained the list.
DROP INDEX change_by_entity;
-- Of an expression, which the feed does not have: for a list of many changes a planner could else read everybody's.
DROP INDEX change_by_time;
CREATE INDEX change_by_time ON change ((position + 0));
