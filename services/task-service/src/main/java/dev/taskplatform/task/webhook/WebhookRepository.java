// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Webhooks in the service's database. All methods throw {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when
 * the database can't do it now.
 */
public final class WebhookRepository {
    private static final String COLUMNS =
            "id, user_id, url, events, list_id, description, active, reason, version, created_at, updated_at";
    private static final String FIND = "SELECT " + COLUMNS + " FROM webhook WHERE id = :id AND user_id = :user";

    private final Database database;
    private final String lock;

    /** @param database with the table {@code webhook} */
    public WebhookRepository(Database database) {
        this.database = database;
        this.lock = database.dialect() == Dialect.POSTGRESQL ? FIND + " FOR UPDATE" : FIND;
    }

    /** @param secret sealed */
    void add(Webhook webhook, byte[] secret) {
        database.write(handle -> bind(
                        handle.createUpdate("INSERT INTO webhook (" + COLUMNS
                                + ", secret) VALUES (:id, :user, :url, :events, :list, :description, :active, :reason,"
                                + " :version, :createdAt, :updatedAt, :secret)"),
                        webhook)
                .bind("user", webhook.user())
                .bind("createdAt", webhook.createdAt())
                .bind("secret", secret)
                .execute());
    }

    /** Writes all but the secret. */
    void update(Webhook webhook) {
        database.write(handle -> bind(
                        handle.createUpdate("UPDATE webhook SET url = :url, events = :events, list_id = :list,"
                                + " description = :description, active = :active, reason = :reason,"
                                + " failing_since = CASE WHEN :active THEN NULL ELSE failing_since END,"
                                + " version = :version, updated_at = :updatedAt WHERE id = :id"),
                        webhook)
                .execute());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Webhook webhook) {
        return statement
                .bind("id", webhook.id())
                .bind("url", webhook.url())
                .bind("events", webhook.events().stream().map(EventType::text).collect(Collectors.joining(" ")))
                .bind("list", webhook.list().orElse(null))
                .bind("description", webhook.description().orElse(null))
                .bind("active", webhook.active())
                .bind("reason", webhook.reason().orElse(null))
                .bind("version", webhook.version())
                .bind("updatedAt", webhook.updatedAt());
    }

    /**
     * Gives a webhook another secret; the one before signs too for a while.
     *
     * @param secret sealed
     */
    void rotate(UUID id, byte[] secret, Instant previousUntil) {
        database.write(handle -> handle.createUpdate("UPDATE webhook SET previous_secret = secret, secret = :secret,"
                        + " previous_until = :until WHERE id = :id")
                .bind("secret", secret)
                .bind("until", previousUntil)
                .bind("id", id)
                .execute());
    }

    void remove(UUID id) {
        database.write(handle -> handle.createUpdate("DELETE FROM webhook WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    /** Removes webhooks of a person, at most so many; how many there were. */
    int removeSome(UUID user, int limit) {
        return database.write(handle -> handle.createUpdate(
                        "DELETE FROM webhook WHERE id IN (SELECT id FROM webhook WHERE user_id = :user LIMIT :limit)")
                .bind("user", user)
                .bind("limit", limit)
                .execute());
    }

    Optional<Webhook> find(UUID user, UUID id) {
        return find(FIND, user, id);
    }

    /** As {@link #find}, and nobody else changes it until the transaction ends. */
    Optional<Webhook> lock(UUID user, UUID id) {
        return database.inTransaction(() -> find(lock, user, id));
    }

    private Optional<Webhook> find(String sql, UUID user, UUID id) {
        return database.read(handle -> handle.createQuery(sql)
                .bind("id", id)
                .bind("user", user)
                .map(WebhookRepository::webhook)
                .findOne());
    }

    /** All of a person. */
    List<Webhook> list(UUID user) {
        return database.read(
                handle -> handle.createQuery("SELECT " + COLUMNS + " FROM webhook WHERE user_id = :user ORDER BY id")
                        .bind("user", user)
                        .map(WebhookRepository::webhook)
                        .list());
    }

    /** Those that want to be told of an event in a list, whose members their persons are. */
    List<UUID> interested(UUID list, EventType type) {
        return database.read(handle -> handle
                .createQuery("SELECT w.id, w.events FROM list_member m"
                        + " JOIN webhook w ON w.user_id = m.user_id"
                        + " WHERE m.list_id = :list AND w.active = :yes AND (w.list_id IS NULL OR w.list_id = :list)"
                        + " ORDER BY w.id")
                .bind("list", list)
                .bind("yes", true)
                .map(row -> events(row).contains(type) ? row.getColumn("id", UUID.class) : null)
                .stream()
                .filter(id -> id != null)
                .toList());
    }

    private static Webhook webhook(RowView row) {
        return new Webhook(
                row.getColumn("id", UUID.class),
                row.getColumn("user_id", UUID.class),
                row.getColumn("url", String.class),
                events(row),
                Optional.ofNullable(row.getColumn("list_id", UUID.class)),
                Optional.ofNullable(row.getColumn("description", String.class)),
                row.getColumn("active", Boolean.class),
                Optional.ofNullable(row.getColumn("reason", String.class)),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }

    private static List<EventType> events(RowView row) {
        return Arrays.stream(row.getColumn("events", String.class).split(" "))
                .map(EventType::of)
                .toList();
    }
}
