// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.http.TimedId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/** Audit entries in the service's database. */
public final class DatabaseAuditRepository implements AuditRepository {
    private static final TypeReference<Map<String, String>> DETAILS = new TypeReference<>() {};

    private final Database database;
    private final ObjectMapper json;

    /** @param database with the tables {@code audit_entry} and {@code audit_horizon} */
    public DatabaseAuditRepository(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    @Override
    public List<RecordedEntry> list(AuditFilter filter, Optional<TimedId> before, int limit) {
        return database.read(handle ->
                query(handle, "", filter, before, limit).map(this::entry).list());
    }

    /** @param prefix what comes before the statement, such as EXPLAIN */
    static Query query(Handle handle, String prefix, AuditFilter filter, Optional<TimedId> before, int limit) {
        Query query =
                handle.createQuery(prefix + sql(filter, before.isPresent())).bind("limit", limit);
        filter.userId().ifPresent(value -> query.bind("userId", value));
        filter.actorId().ifPresent(value -> query.bind("actorId", value));
        filter.kind().ifPresent(value -> query.bind("kind", value));
        filter.from().ifPresent(value -> query.bind("from", value));
        before.ifPresentOrElse(
                place -> query.bind("at", place.time()).bind("id", place.id()),
                () -> filter.to().ifPresent(value -> query.bind("to", value)));
        return query;
    }

    private static String sql(AuditFilter filter, boolean beforeOne) {
        return "SELECT id, occurred_at, kind, user_id, actor_user_id, actor_client_id, address, request_id, details"
                + " FROM audit_entry WHERE TRUE"
                + (filter.userId().isPresent() ? " AND user_id = :userId" : "")
                + (filter.actorId().isPresent() ? " AND actor_user_id = :actorId" : "")
                + (filter.kind().isPresent() ? " AND kind = :kind" : "")
                + (filter.from().isPresent() ? " AND occurred_at >= :from" : "")
                // A place in the list is before its end; SQLite would search by one of the two bounds only.
                + (beforeOne
                        ? " AND (occurred_at, id) < (:at, :id)"
                        : filter.to().isPresent() ? " AND occurred_at < :to" : "")
                + " ORDER BY occurred_at DESC, id DESC LIMIT :limit";
    }

    @Override
    public void purge(Instant before) {
        database.write(handle -> {
            handle.createUpdate("UPDATE audit_horizon SET kept_from = :before WHERE kept_from < :before")
                    .bind("before", before)
                    .execute();
            return handle.createUpdate("DELETE FROM audit_entry WHERE occurred_at < :before")
                    .bind("before", before)
                    .execute();
        });
    }

    private RecordedEntry entry(RowView row) {
        return new RecordedEntry(
                row.getColumn("id", UUID.class),
                row.getColumn("occurred_at", Instant.class),
                new AuditEntry(
                        row.getColumn("kind", String.class),
                        row.getColumn("user_id", UUID.class),
                        new Actor(
                                row.getColumn("actor_user_id", UUID.class),
                                row.getColumn("actor_client_id", String.class),
                                row.getColumn("address", String.class),
                                row.getColumn("request_id", String.class)),
                        details(row.getColumn("details", String.class))));
    }

    private Map<String, String> details(String text) {
        try {
            return json.readValue(text, DETAILS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The details of an audit entry are no JSON", e);
        }
    }
}
