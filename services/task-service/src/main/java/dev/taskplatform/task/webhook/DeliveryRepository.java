// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.task.webhook.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.EmptyHandling;

/**
 * The outbox of webhooks in the service's database. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class DeliveryRepository {
    private static final String COLUMNS =
            "seq, id, task_id, type, state, attempts, next_attempt_at, last_status, last_error, created_at, updated_at";

    private final Database database;
    private final String claim;

    /** @param database with the tables {@code webhook_delivery} and {@code webhook} */
    public DeliveryRepository(Database database) {
        this.database = database;
        // What comes before in the same task is told first, or is dead.
        this.claim = "SELECT d.seq, d.id, d.webhook_id, d.payload, d.attempts, w.url, w.secret, w.previous_secret,"
                + " w.previous_until, w.failing_since, CASE WHEN d.list_id IS NULL OR EXISTS (SELECT 1 FROM list_member m"
                + " WHERE m.user_id = w.user_id AND m.list_id = d.list_id) THEN 1 ELSE 0 END AS allowed"
                + " FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id"
                + " WHERE d.state = 'pending' AND d.next_attempt_at <= :now AND d.lease_until <= :now AND w.active = :yes"
                + " AND d.webhook_id NOT IN (<busy>) AND NOT EXISTS (SELECT 1 FROM webhook_delivery e"
                + " WHERE e.state = 'pending' AND e.webhook_id = d.webhook_id AND e.task_id = d.task_id AND e.seq < d.seq)"
                + " ORDER BY d.next_attempt_at, d.seq LIMIT :limit"
                + (database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE OF d SKIP LOCKED" : "");
    }

    /** Puts an event into the outbox. */
    void add(
            UUID id,
            UUID webhook,
            Optional<UUID> list,
            Optional<UUID> task,
            EventType type,
            String payload,
            Instant now) {
        database.write(handle -> handle.createUpdate(
                        "INSERT INTO webhook_delivery (id, webhook_id, list_id, task_id, type,"
                                + " payload, state, attempts, next_attempt_at, lease_until, created_at, updated_at)"
                                + " VALUES (:id, :webhook, :list, :task, :type, :payload, 'pending', 0, :now, :now, :now, :now)")
                .bind("id", id)
                .bind("webhook", webhook)
                .bind("list", list.orElse(null))
                .bind("task", task.orElse(null))
                .bind("type", type.text())
                .bind("payload", payload)
                .bind("now", now)
                .execute());
    }

    /**
     * Takes deliveries that are due, for as long as the lease.
     *
     * @param busy webhooks of which none are taken
     */
    List<ClaimedDelivery> claim(Set<UUID> busy, int limit, Instant now, Duration lease) {
        return database.write(handle -> {
            List<ClaimedDelivery> claimed = handle.createQuery(claim)
                    .bindList(
                            EmptyHandling.NULL_KEYWORD,
                            "busy",
                            busy.isEmpty() ? List.of(new UUID(0, 0)) : List.copyOf(busy))
                    .bind("now", now)
                    .bind("yes", true)
                    .bind("limit", limit)
                    .map(row -> claimed(row, now))
                    .list();
            if (!claimed.isEmpty()) {
                handle.createUpdate("UPDATE webhook_delivery SET attempts = attempts + 1, lease_until = :lease"
                                + " WHERE seq IN (<seqs>)")
                        .bind("lease", now.plus(lease))
                        .bindList(
                                "seqs",
                                claimed.stream().map(ClaimedDelivery::seq).toList())
                        .execute();
            }
            return claimed;
        });
    }

    /** Gives back what was taken and not attempted. */
    void release(ClaimedDelivery delivery) {
        database.write(handle -> handle.createUpdate("UPDATE webhook_delivery SET attempts = attempts - 1,"
                        + " lease_until = next_attempt_at WHERE seq = :seq AND state = 'pending'")
                .bind("seq", delivery.seq())
                .execute());
    }

    /** Nothing more is to be done. */
    void finish(ClaimedDelivery delivery, State state, Optional<Integer> status, Optional<String> error, Instant now) {
        database.write(
                handle -> handle.createUpdate("UPDATE webhook_delivery SET state = :state, last_status = :status,"
                                + " last_error = :error, updated_at = :now WHERE seq = :seq AND state = 'pending'")
                        .bind("state", state.text())
                        .bind("status", status.orElse(null))
                        .bind("error", error.orElse(null))
                        .bind("now", now)
                        .bind("seq", delivery.seq())
                        .execute());
    }

    /** It is to be tried again. */
    void retry(ClaimedDelivery delivery, Instant at, Optional<Integer> status, Optional<String> error, Instant now) {
        database.write(
                handle -> handle.createUpdate("UPDATE webhook_delivery SET next_attempt_at = :at, lease_until = :at,"
                                + " last_status = :status, last_error = :error, updated_at = :now"
                                + " WHERE seq = :seq AND state = 'pending'")
                        .bind("at", at)
                        .bind("status", status.orElse(null))
                        .bind("error", error.orElse(null))
                        .bind("now", now)
                        .bind("seq", delivery.seq())
                        .execute());
    }

    /** Since when a webhook fails; empty when it does not any more. */
    void failing(UUID webhook, Optional<Instant> since) {
        database.write(handle -> handle.createUpdate("UPDATE webhook SET failing_since = :since WHERE id = :id")
                .bind("since", since.orElse(null))
                .bind("id", webhook)
                .execute());
    }

    /** Sends a webhook nothing more until its owner says so. */
    void deactivate(UUID webhook, String reason, Instant now) {
        database.write(handle -> handle.createUpdate("UPDATE webhook SET active = :no, reason = :reason,"
                        + " version = version + 1, updated_at = :now WHERE id = :id AND active = :yes")
                .bind("no", false)
                .bind("yes", true)
                .bind("reason", reason)
                .bind("now", now)
                .bind("id", webhook)
                .execute());
    }

    /** The deliveries of a webhook, the last first. */
    List<Delivery> list(UUID webhook, Optional<Long> before, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM webhook_delivery WHERE webhook_id = :webhook"
                + (before.isPresent() ? " AND seq < :before" : "") + " ORDER BY seq DESC LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("webhook", webhook).bind("limit", limit);
            before.ifPresent(seq -> query.bind("before", seq));
            return query.map(DeliveryRepository::delivery).list();
        });
    }

    /** Has a delivery tried again from the start; empty when the webhook has none with this id. */
    Optional<Delivery> again(UUID webhook, UUID id, Instant now) {
        return database.write(
                handle -> handle.createQuery("UPDATE webhook_delivery SET state = 'pending', attempts = 0,"
                                + " next_attempt_at = :now, lease_until = :now, updated_at = :now"
                                + " WHERE webhook_id = :webhook AND id = :id RETURNING " + COLUMNS)
                        .bind("webhook", webhook)
                        .bind("id", id)
                        .bind("now", now)
                        .map(DeliveryRepository::delivery)
                        .findOne());
    }

    /** Deliveries that are neither delivered nor dead. */
    long pending() {
        return database.read(
                handle -> handle.createQuery("SELECT count(*) FROM webhook_delivery WHERE state = 'pending'")
                        .mapTo(Long.class)
                        .one());
    }

    /** Forgets deliveries that came to an end long ago, at most so many; how many there were. */
    int purge(Instant before, int limit) {
        return database.write(handle -> handle.createUpdate("DELETE FROM webhook_delivery WHERE seq IN (SELECT seq FROM"
                        + " webhook_delivery WHERE state <> 'pending' AND updated_at < :before LIMIT :limit)")
                .bind("before", before)
                .bind("limit", limit)
                .execute());
    }

    private static ClaimedDelivery claimed(RowView row, Instant now) {
        Instant previousUntil = row.getColumn("previous_until", Instant.class);
        boolean hasPrevious = previousUntil != null && previousUntil.isAfter(now);
        return new ClaimedDelivery(
                row.getColumn("seq", Long.class),
                row.getColumn("id", UUID.class),
                row.getColumn("webhook_id", UUID.class),
                row.getColumn("url", String.class),
                row.getColumn("payload", String.class),
                row.getColumn("attempts", Integer.class) + 1,
                row.getColumn("allowed", Integer.class) == 1,
                row.getColumn("secret", byte[].class),
                hasPrevious ? Optional.of(row.getColumn("previous_secret", byte[].class)) : Optional.empty(),
                Optional.ofNullable(row.getColumn("failing_since", Instant.class)));
    }

    private static Delivery delivery(RowView row) {
        return new Delivery(
                row.getColumn("seq", Long.class),
                row.getColumn("id", UUID.class),
                Optional.ofNullable(row.getColumn("task_id", UUID.class)),
                EventType.of(row.getColumn("type", String.class)),
                State.of(row.getColumn("state", String.class)),
                row.getColumn("attempts", Integer.class),
                row.getColumn("next_attempt_at", Instant.class),
                Optional.ofNullable(row.getColumn("last_status", Integer.class)),
                Optional.ofNullable(row.getColumn("last_error", String.class)),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }
}
