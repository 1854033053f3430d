-- Whoever gains access to a list reads all of it, in the order of ids.
CREATE INDEX change_by_entity ON change (list_id, entity_id);
-- What changed lately, whatever the list.
CREATE INDEX change_by_time ON change (position);
CREATE INDEX list_departure_by_position ON list_departure (user_id, position, list_id);
