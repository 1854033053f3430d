// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowViewMapper;
import org.jdbi.v3.core.result.RowView;

/** Deletions in the service's database. */
public final class DatabaseDeletionRepository implements DeletionRepository {
    private static final String COLUMNS = "id, user_id, requested_at, completed_at";
    private static final RowViewMapper<Deletion> DELETION = DatabaseDeletionRepository::deletion;

    private final Database database;

    /** @param database with the tables {@code deletion} and {@code deletion_acknowledgement} */
    public DatabaseDeletionRepository(Database database) {
        this.database = database;
    }

    @Override
    public void add(Deletion deletion, Username username) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO deletion (id, user_id, username_key, username_skeleton, requested_at)
                        VALUES (:id, :userId, :usernameKey, :usernameSkeleton, :requestedAt)""")
                .bind("id", deletion.id())
                .bind("userId", deletion.userId())
                .bind("usernameKey", username.key())
                .bind("usernameSkeleton", username.skeleton())
                .bind("requestedAt", deletion.requestedAt())
                .execute());
    }

    @Override
    public Optional<Deletion> find(UUID id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM deletion WHERE id = :id")
                .bind("id", id)
                .map(DELETION)
                .findOne());
    }

    @Override
    public List<Deletion> list(Optional<Deletion.State> state, Optional<UUID> after, int limit) {
        String condition = state.map(value -> switch (value) {
                    case PENDING -> "completed_at IS NULL";
                    case COMPLETED -> "completed_at IS NOT NULL";
                })
                .orElse("TRUE");
        return database.read(handle -> {
            var query = handle.createQuery("SELECT " + COLUMNS + " FROM deletion WHERE " + condition
                            + (after.isPresent() ? " AND id > :after" : "") + " ORDER BY id LIMIT :limit")
                    .bind("limit", limit);
            after.ifPresent(id -> query.bind("after", id));
            return query.map(DELETION).list();
        });
    }

    @Override
    public boolean acknowledge(UUID id, String consumer, Instant now) {
        return database.write(handle -> {
            if (!lock(handle, id)) {
                return false;
            }
            handle.createUpdate("""
                            INSERT INTO deletion_acknowledgement (deletion_id, consumer, acknowledged_at)
                            VALUES (:id, :consumer, :now) ON CONFLICT DO NOTHING""")
                    .bind("id", id)
                    .bind("consumer", consumer)
                    .bind("now", now)
                    .execute();
            return true;
        });
    }

    @Override
    public void completeIfAcknowledged(UUID id, Set<String> consumers, Instant now) {
        database.write(handle -> {
            lock(handle, id);
            Set<String> acknowledged = new HashSet<>(
                    handle.createQuery("SELECT consumer FROM deletion_acknowledgement WHERE deletion_id = :id")
                            .bind("id", id)
                            .mapTo(String.class)
                            .list());
            return acknowledged.containsAll(consumers)
                    ? handle.createUpdate("""
                                    UPDATE deletion
                                    SET completed_at = :now, username_key = NULL, username_skeleton = NULL
                                    WHERE id = :id AND completed_at IS NULL""").bind("id", id).bind("now", now).execute()
                    : 0;
        });
    }

    /** Until the end of the transaction: of two services at once, each would miss the other's acknowledgement. */
    private static boolean lock(Handle handle, UUID id) {
        return handle.createUpdate("UPDATE deletion SET user_id = user_id WHERE id = :id")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    private static Deletion deletion(RowView row) {
        return new Deletion(
                row.getColumn("id", UUID.class),
                row.getColumn("user_id", UUID.class),
                row.getColumn("requested_at", Instant.class),
                Optional.ofNullable(row.getColumn("completed_at", Instant.class)));
    }
}
