// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.user.account.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Sessions in the service's database. */
public final class DatabaseSessionRepository implements SessionRepository {
    private static final String COLUMNS = """
            session.id, session.user_id, session.client_id, session.scope, session.methods, session.authenticated_at,
            session.created_at, session.last_used_at, session.address, session.user_agent, session.sealed_key,
            session.generation""";

    private final Database database;

    /** @param database with the tables {@code session} and {@code account} */
    public DatabaseSessionRepository(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(Session session, Account account) {
        return database.write(handle -> {
            // Changes nothing, but locks the row: who changes the password now waits, and then finds this session to
            // end.
            boolean asItWas = handle.createUpdate("""
                            UPDATE account SET version = version
                            WHERE id = :id AND disabled_at IS NULL AND password_changed_at = :passwordChangedAt""")
                            .bind("id", account.id())
                            .bind("passwordChangedAt", account.passwordChangedAt())
                            .execute()
                    == 1;
            return asItWas && insert(handle, session);
        });
    }

    private static boolean insert(Handle handle, Session session) {
        return handle.createUpdate("""
                        INSERT INTO session (id, user_id, client_id, scope, methods, authenticated_at, created_at,
                            last_used_at, address, user_agent, sealed_key, generation)
                        VALUES (:id, :userId, :clientId, :scope, :methods, :authenticatedAt, :createdAt,
                            :lastUsedAt, :address, :userAgent, :sealedKey, :generation)""")
                        .bind("id", session.id())
                        .bind("userId", session.userId())
                        .bind("clientId", session.clientId())
                        .bind("scope", join(session.scope()))
                        .bind("methods", join(session.methods()))
                        .bind("authenticatedAt", session.authenticatedAt())
                        .bind("createdAt", session.createdAt())
                        .bind("lastUsedAt", session.lastUsedAt())
                        .bind("address", session.address().orElse(null))
                        .bind(
                                "userAgent",
                                session.userAgent().map(UserAgent::text).orElse(null))
                        .bind("sealedKey", session.sealedKey())
                        .bind("generation", session.generation())
                        .execute()
                == 1;
    }

    @Override
    public Optional<Session> find(UUID id) {
        return database.read(handle -> one(handle.createQuery("SELECT " + COLUMNS + " FROM session WHERE id = :id")
                .bind("id", id)));
    }

    @Override
    public Optional<Session> findOfEnabled(UUID id) {
        return database.read(
                handle -> one(handle.createQuery("SELECT " + COLUMNS + """
                         FROM session JOIN account ON account.id = session.user_id
                        WHERE session.id = :id AND account.disabled_at IS NULL""").bind("id", id)));
    }

    @Override
    public List<Session> list(
            UUID userId, Instant lastUsedAfter, Instant createdAfter, Optional<UUID> before, int limit) {
        String start = before.isPresent() ? " AND id < :before" : "";
        return database.read(handle -> {
            Query query = handle.createQuery("SELECT " + COLUMNS + """
                             FROM session
                            WHERE user_id = :userId AND last_used_at > :lastUsedAfter AND created_at > :createdAfter
                            """ + start + " ORDER BY id DESC LIMIT :limit")
                    .bind("userId", userId)
                    .bind("lastUsedAfter", lastUsedAfter)
                    .bind("createdAfter", createdAfter)
                    .bind("limit", limit);
            before.ifPresent(id -> query.bind("before", id));
            return query.reduceRows(new ArrayList<Session>(), (sessions, row) -> {
                sessions.add(session(row));
                return sessions;
            });
        });
    }

    @Override
    public boolean rotate(Session expected, Instant now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE session SET generation = generation + 1, last_used_at = :now
                        WHERE id = :id AND generation = :generation""")
                        .bind("now", now)
                        .bind("id", expected.id())
                        .bind("generation", expected.generation())
                        .execute())
                == 1;
    }

    @Override
    public boolean remove(UUID id) {
        return database.write(handle -> handle.createUpdate("DELETE FROM session WHERE id = :id")
                        .bind("id", id)
                        .execute())
                == 1;
    }

    @Override
    public List<UUID> removeAll(UUID userId, Optional<UUID> except) {
        String spared = except.isPresent() ? " AND id <> :except" : "";
        return database.write(handle -> {
            Query delete = handle.createQuery("DELETE FROM session WHERE user_id = :userId" + spared + " RETURNING id")
                    .bind("userId", userId);
            except.ifPresent(id -> delete.bind("except", id));
            return delete.mapTo(UUID.class).list();
        });
    }

    @Override
    public List<UUID> expired(Instant lastUsedBefore, Instant createdBefore, int limit) {
        // In the order of the ids, so that replicas that purge at once do not wait for each other in a circle.
        return database.read(handle -> handle.createQuery("""
                        SELECT id FROM session
                        WHERE last_used_at < :lastUsedBefore OR created_at < :createdBefore
                        ORDER BY id LIMIT :limit""")
                .bind("lastUsedBefore", lastUsedBefore)
                .bind("createdBefore", createdBefore)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
    }

    @Override
    public int removeExpired(List<UUID> ids, Instant lastUsedBefore, Instant createdBefore) {
        if (ids.isEmpty()) {
            return 0;
        }
        return database.write(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    DELETE FROM session
                    WHERE id = :id AND (last_used_at < :lastUsedBefore OR created_at < :createdBefore)""");
            ids.forEach(id -> batch.bind("id", id)
                    .bind("lastUsedBefore", lastUsedBefore)
                    .bind("createdBefore", createdBefore)
                    .add());
            return Arrays.stream(batch.execute()).sum();
        });
    }

    private static Optional<Session> one(Query query) {
        return query.reduceRows(Optional.<Session>empty(), (none, row) -> Optional.of(session(row)));
    }

    private static Session session(RowView row) {
        return new Session(
                row.getColumn("id", UUID.class),
                row.getColumn("user_id", UUID.class),
                row.getColumn("client_id", String.class),
                split(row.getColumn("scope", String.class)),
                split(row.getColumn("methods", String.class)),
                row.getColumn("authenticated_at", Instant.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("last_used_at", Instant.class),
                Optional.ofNullable(row.getColumn("address", String.class)),
                Optional.ofNullable(row.getColumn("user_agent", String.class)).map(UserAgent::new),
                row.getColumn("sealed_key", byte[].class),
                row.getColumn("generation", Integer.class));
    }

    private static String join(Set<String> words) {
        return words.stream().sorted().collect(Collectors.joining(" "));
    }

    private static Set<String> split(String words) {
        return words.isEmpty() ? Set.of() : Set.of(words.split(" "));
    }
}
