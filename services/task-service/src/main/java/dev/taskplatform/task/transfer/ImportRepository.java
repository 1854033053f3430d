// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * Imports and their rows in the service's database. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class ImportRepository {
    /** The states in which an import still takes space and work. */
    private static final String OPEN = "('receiving', 'waiting', 'running')";

    private static final String COLUMNS =
            "id, user_id, format, state, received, created, refused, errors, step, done_seq, lease_until, attempts,"
                    + " created_at, updated_at";
    private static final TypeReference<List<ImportError>> ERRORS = new TypeReference<>() {};

    private final Database database;
    private final ObjectMapper mapper;
    private final String claim;

    /** @param database with the tables {@code task_import} and {@code task_import_row} */
    public ImportRepository(Database database, ObjectMapper mapper) {
        this.database = database;
        this.mapper = mapper;
        this.claim = "UPDATE task_import SET state = 'running', lease_until = :lease, attempts = attempts + 1"
                + " WHERE id = (SELECT id FROM task_import WHERE state IN ('waiting', 'running') AND lease_until <= :now"
                + " ORDER BY lease_until, id LIMIT 1"
                + (database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE SKIP LOCKED" : "") + ") RETURNING "
                + COLUMNS;
    }

    /**
     * Begins to receive a file.
     *
     * @param most imports that a person may have open
     * @return false when there are that many
     */
    boolean begin(UUID id, UUID user, FileFormat format, int most, Instant now) {
        return database.write(handle -> {
            int open = handle.createQuery("SELECT count(*) FROM task_import WHERE user_id = :user AND state IN " + OPEN)
                    .bind("user", user)
                    .mapTo(Integer.class)
                    .one();
            if (open >= most) {
                return false;
            }
            handle.createUpdate("INSERT INTO task_import (" + COLUMNS + ") VALUES (:id, :user, :format, 'receiving',"
                            + " 0, 0, 0, NULL, 'tasks', 0, :now, 0, :now, :now)")
                    .bind("id", id)
                    .bind("user", user)
                    .bind("format", format.text())
                    .bind("now", now)
                    .execute();
            return true;
        });
    }

    /** Keeps rows of a file that is still coming. */
    void stage(UUID id, List<ImportRow> rows, long received, Instant now) {
        database.write(handle -> {
            var batch = handle.prepareBatch(
                    "INSERT INTO task_import_row (import_id, seq, number, ref, entity_id, kind, linked, data)"
                            + " VALUES (:import, :seq, :number, :ref, :entity, :kind, :linked, :data)");
            for (ImportRow row : rows) {
                batch.bind("import", id)
                        .bind("seq", row.seq())
                        .bind("number", row.number())
                        .bind("ref", row.ref().orElse(null))
                        .bind("entity", row.entity())
                        .bind("kind", row.kind().name().toLowerCase(Locale.ROOT))
                        .bind("linked", row.linked())
                        .bind("data", row.data())
                        .add();
            }
            if (!rows.isEmpty()) {
                batch.execute();
            }
            return handle.createUpdate("UPDATE task_import SET received = :received, updated_at = :now WHERE id = :id")
                    .bind("received", received)
                    .bind("now", now)
                    .bind("id", id)
                    .execute();
        });
    }

    /** The file has come to its end. */
    void received(UUID id, long received, List<ImportError> errors, long refused, Instant now) {
        database.write(handle -> handle.createUpdate("UPDATE task_import SET state = 'waiting', received = :received,"
                        + " refused = :refused, errors = :errors, lease_until = :now, updated_at = :now"
                        + " WHERE id = :id AND state = 'receiving'")
                .bind("received", received)
                .bind("refused", refused)
                .bind("errors", json(errors))
                .bind("now", now)
                .bind("id", id)
                .execute());
    }

    /** An import of a person. */
    Optional<Import> find(UUID user, UUID id) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM task_import WHERE id = :id AND user_id = :user")
                .bind("id", id)
                .bind("user", user)
                .map(this::seen)
                .findOne());
    }

    /** The imports of a person, the last first. */
    List<Import> list(UUID user, Optional<UUID> before, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM task_import WHERE user_id = :user"
                + (before.isPresent() ? " AND id < :before" : "") + " ORDER BY id DESC LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("user", user).bind("limit", limit);
            before.ifPresent(id -> query.bind("before", id));
            return query.map(this::seen).list();
        });
    }

    /** Ends an import that is not final yet; false if it is. */
    boolean cancel(UUID user, UUID id, Instant now) {
        return database.write(
                handle -> handle.createUpdate("UPDATE task_import SET state = 'cancelled', updated_at = :now"
                                        + " WHERE id = :id AND user_id = :user AND state IN " + OPEN)
                                .bind("id", id)
                                .bind("user", user)
                                .bind("now", now)
                                .execute()
                        == 1);
    }

    /** Takes an import that nobody works on, for as long as the lease. */
    Optional<ImportWork> claim(Instant now, Duration lease) {
        return database.write(handle -> handle.createQuery(claim)
                .bind("now", now)
                .bind("lease", now.plus(lease))
                .map(this::work)
                .findOne());
    }

    /**
     * Writes how far the work is, if it is still this one's.
     *
     * @param before as it was taken or written last
     * @return false when somebody else has it by now, or it was cancelled; then nothing of this transaction may be kept
     */
    boolean advance(ImportWork before, ImportWork after, ImportState state, Instant now) {
        return database.write(handle -> handle.createUpdate("UPDATE task_import SET state = :state, created = :created,"
                                + " refused = :refused, errors = :errors, step = :step, done_seq = :done,"
                                + " lease_until = :lease, attempts = :attempts, updated_at = :now"
                                + " WHERE id = :id AND state = 'running' AND lease_until = :held")
                        .bind("state", state.text())
                        .bind("created", after.created())
                        .bind("refused", after.refused())
                        .bind("errors", json(after.errors()))
                        .bind("step", after.step().text())
                        .bind("done", after.doneSeq())
                        .bind("lease", after.leaseUntil())
                        .bind("attempts", after.attempts())
                        .bind("now", now)
                        .bind("id", before.id())
                        .bind("held", before.leaseUntil())
                        .execute()
                == 1);
    }

    /** The next rows of an import. */
    List<ImportRow> rows(UUID id, long after, boolean linkedOnly, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT seq, number, ref, entity_id, kind, linked, data FROM task_import_row"
                                + " WHERE import_id = :id AND seq > :after"
                                + (linkedOnly ? " AND linked = :linked" : "")
                                + " ORDER BY seq LIMIT :limit")
                .bind("id", id)
                .bind("after", after)
                .bind("linked", true)
                .bind("limit", limit)
                .map(row -> new ImportRow(
                        row.getColumn("seq", Long.class),
                        row.getColumn("number", Long.class),
                        Optional.ofNullable(row.getColumn("ref", String.class)),
                        row.getColumn("entity_id", UUID.class),
                        ImportRow.Kind.valueOf(
                                row.getColumn("kind", String.class).toUpperCase(Locale.ROOT)),
                        row.getColumn("linked", Boolean.class),
                        row.getColumn("data", String.class)))
                .list());
    }

    /** The tasks that names in a file stand for; of two with the same name the first. */
    Map<String, UUID> entities(UUID id, Collection<String> refs) {
        if (refs.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> handle.createQuery(
                        "SELECT ref, entity_id FROM task_import_row WHERE import_id = :id AND ref IN (<refs>)"
                                + " AND kind = 'task' ORDER BY seq")
                .bind("id", id)
                .bindList("refs", List.copyOf(refs))
                .map(row -> Map.entry(row.getColumn("ref", String.class), row.getColumn("entity_id", UUID.class)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first)));
    }

    /**
     * Removes rows of imports that are final, and imports that were final, or came no further, for long.
     *
     * @return whether there may be more to remove
     */
    boolean purge(Instant finalBefore, Instant receivingBefore, int limit) {
        return database.write(handle -> {
            handle.createUpdate("UPDATE task_import SET state = 'failed', updated_at = :before"
                            + " WHERE state = 'receiving' AND updated_at < :before")
                    .bind("before", receivingBefore)
                    .execute();
            List<UUID> withRows = handle.createQuery(
                            "SELECT id FROM task_import i WHERE state NOT IN " + OPEN
                                    + " AND EXISTS (SELECT 1 FROM task_import_row r WHERE r.import_id = i.id) ORDER BY id LIMIT 1")
                    .mapTo(UUID.class)
                    .list();
            for (UUID id : withRows) {
                removeRows(handle, id, limit);
            }
            int imports = handle.createUpdate("DELETE FROM task_import WHERE id IN (SELECT id FROM task_import i WHERE"
                            + " state NOT IN " + OPEN + " AND updated_at < :before AND NOT EXISTS"
                            + " (SELECT 1 FROM task_import_row r WHERE r.import_id = i.id) LIMIT :limit)")
                    .bind("before", finalBefore)
                    .bind("limit", limit)
                    .execute();
            return !withRows.isEmpty() || imports == limit;
        });
    }

    /** Forgets a person's imports; false when some are left. */
    boolean removeSome(UUID user, int limit) {
        return database.write(handle -> {
            handle.createUpdate("UPDATE task_import SET state = 'cancelled' WHERE user_id = :user AND state IN " + OPEN)
                    .bind("user", user)
                    .execute();
            Optional<UUID> next = handle.createQuery("SELECT id FROM task_import WHERE user_id = :user LIMIT 1")
                    .bind("user", user)
                    .mapTo(UUID.class)
                    .findOne();
            if (next.isEmpty()) {
                return true;
            }
            if (removeRows(handle, next.get(), limit) < limit) {
                handle.createUpdate("DELETE FROM task_import WHERE id = :id")
                        .bind("id", next.get())
                        .execute();
            }
            return false;
        });
    }

    private static int removeRows(Handle handle, UUID id, int limit) {
        return handle.createUpdate("DELETE FROM task_import_row WHERE import_id = :id AND seq IN"
                        + " (SELECT seq FROM task_import_row WHERE import_id = :id ORDER BY seq LIMIT :limit)")
                .bind("id", id)
                .bind("limit", limit)
                .execute();
    }

    private Import seen(RowView row) {
        return new Import(
                row.getColumn("id", UUID.class),
                FileFormat.of(row.getColumn("format", String.class)),
                ImportState.of(row.getColumn("state", String.class)),
                row.getColumn("received", Long.class),
                row.getColumn("created", Long.class),
                row.getColumn("refused", Long.class),
                errors(row),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }

    private ImportWork work(RowView row) {
        return new ImportWork(
                row.getColumn("id", UUID.class),
                row.getColumn("user_id", UUID.class),
                ImportStep.of(row.getColumn("step", String.class)),
                row.getColumn("done_seq", Long.class),
                row.getColumn("created", Long.class),
                row.getColumn("refused", Long.class),
                errors(row),
                row.getColumn("attempts", Integer.class),
                row.getColumn("lease_until", Instant.class));
    }

    private List<ImportError> errors(RowView row) {
        String json = row.getColumn("errors", String.class);
        try {
            return json == null ? List.of() : mapper.readValue(json, ERRORS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The errors of an import are not what this service writes", e);
        }
    }

    private String json(List<ImportError> errors) {
        try {
            return mapper.writeValueAsString(errors);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and strings are always JSON", e);
        }
    }
}
