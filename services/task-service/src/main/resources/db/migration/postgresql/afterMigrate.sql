-- Positions of changes go on from those that were given, also where the server counts its transactions anew, as after a
-- restore on another one. Run at each start; of several replicas that start together one does it.
UPDATE change_clock SET base = latest.position + 1
FROM (SELECT greatest(
        (SELECT coalesce(max(position + 0), 0) FROM change),
        (SELECT coalesce(max(position), 0) FROM list_member),
        (SELECT coalesce(max(position), 0) FROM list_departure)) AS position) AS latest
WHERE latest.position >= base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
