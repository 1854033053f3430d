// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What people can do with their webhooks. */
public final class Webhooks {
    private static final int MOST = 20;
    private static final int SECRET_BYTES = 32;
    private static final Duration OLD_SECRET = Duration.ofDays(1);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(5);
    private static final int REMOVED_AT_ONCE = 10;

    private final WebhookRepository repository;
    private final DeliveryRepository deliveries;
    private final Outbox outbox;
    private final Lists lists;
    private final Optional<Sealer> sealer;
    private final Transactions transactions;
    private final UuidGenerator ids;
    private final RandomGenerator random;
    private final Clock clock;

    /**
     * @param sealer empty where this service has no key for secrets; then there are no webhooks
     * @param random a cryptographic one
     */
    public Webhooks(
            WebhookRepository repository,
            DeliveryRepository deliveries,
            Outbox outbox,
            Lists lists,
            Optional<Sealer> sealer,
            Transactions transactions,
            UuidGenerator ids,
            RandomGenerator random,
            Clock clock) {
        this.repository = repository;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.lists = lists;
        this.sealer = sealer;
        this.transactions = transactions;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    /** What a secret in the database is sealed for. */
    static String context(UUID webhook) {
        return "webhook:" + webhook;
    }

    /** A webhook and its secret, which nobody is told again. */
    record WithSecret(Webhook webhook, String secret) {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "WithSecret[" + webhook.id() + "]";
        }
    }

    /**
     * Makes a webhook.
     *
     * @param list of which alone it is told
     * @throws ProblemException 404, 409 when the person has as many as one may have, 503 without a key for secrets
     */
    WithSecret create(
            UUID user, String url, List<EventType> events, Optional<UUID> list, Optional<String> description) {
        list.ifPresent(id -> lists.require(user, id, ListRole.READ));
        return transactions.inTransaction(() -> {
            if (repository.list(user).size() >= MOST) {
                throw new ProblemException(ProblemType.LIMIT_REACHED, "A person may have %d webhooks.".formatted(MOST));
            }
            Instant now = clock.instant();
            Webhook webhook =
                    new Webhook(ids.next(), user, url, events, list, description, true, Optional.empty(), 1, now, now);
            byte[] secret = secret();
            repository.add(webhook, requiredSealer().seal(context(webhook.id()), secret));
            return new WithSecret(webhook, Signature.secret(secret));
        });
    }

    /** All of a person. */
    List<Webhook> list(UUID user) {
        return repository.list(user);
    }

    /** One; 404 when the person has none with this id. */
    Webhook get(UUID user, UUID id) {
        return repository.find(user, id).orElseThrow(Webhooks::notFound);
    }

    /**
     * Changes a webhook.
     *
     * @param versions only if it has one of these; any when empty
     * @throws ProblemException 404, 412, or what the edit throws
     */
    Webhook change(UUID user, UUID id, Optional<Set<Long>> versions, UnaryOperator<Webhook> edit) {
        return transactions.inTransaction(() -> {
            Webhook before = lock(user, id, versions);
            Webhook edited = edit.apply(before);
            if (edited.equals(before)) {
                return before;
            }
            edited.list().ifPresent(list -> lists.require(user, list, ListRole.READ));
            Webhook after = new Webhook(
                    id,
                    user,
                    edited.url(),
                    edited.events(),
                    edited.list(),
                    edited.description(),
                    edited.active(),
                    edited.active() ? Optional.empty() : edited.reason(),
                    before.version() + 1,
                    before.createdAt(),
                    clock.instant());
            repository.update(after);
            return after;
        });
    }

    /** Removes a webhook with all that it was to be told. */
    void remove(UUID user, UUID id, Optional<Set<Long>> versions) {
        transactions.inTransaction(() -> {
            lock(user, id, versions);
            repository.remove(id);
            return id;
        });
    }

    /** Removes all of a person, some at a time. */
    public void removeAll(UUID user) {
        int removed;
        do {
            removed = repository.removeSome(user, REMOVED_AT_ONCE);
        } while (removed == REMOVED_AT_ONCE);
    }

    /** Gives a webhook another secret; for a day the one before signs, too, so that its owner has time. */
    WithSecret rotateSecret(UUID user, UUID id) {
        return transactions.inTransaction(() -> {
            Webhook webhook = lock(user, id, Optional.empty());
            byte[] secret = secret();
            repository.rotate(
                    id,
                    requiredSealer().seal(context(id), secret),
                    clock.instant().plus(OLD_SECRET));
            return new WithSecret(webhook, Signature.secret(secret));
        });
    }

    /** Sends an event that says nothing. */
    void test(UUID user, UUID id) {
        transactions.inTransaction(() -> {
            outbox.test(get(user, id));
            return id;
        });
    }

    /** A part of what was sent and is to be sent, the last first. */
    List<Delivery> deliveries(UUID user, UUID id, Optional<Long> before, int limit) {
        return deliveries.list(get(user, id).id(), before, limit);
    }

    /** Has something sent again. */
    Delivery redeliver(UUID user, UUID id, UUID delivery) {
        return transactions.inTransaction(() -> deliveries
                .again(get(user, id).id(), delivery, clock.instant())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There is no such delivery of this webhook, or not any more.")));
    }

    private Webhook lock(UUID user, UUID id, Optional<Set<Long>> versions) {
        Webhook webhook = repository.lock(user, id).orElseThrow(Webhooks::notFound);
        if (versions.isPresent() && !versions.get().contains(webhook.version())) {
            throw Preconditions.failed();
        }
        return webhook;
    }

    private Sealer requiredSealer() {
        return sealer.orElseThrow(() -> ProblemException.unavailable(
                "This service has no key to keep secrets with; its operator sets keys.encryption-key-file.",
                RETRY_AFTER,
                null));
    }

    private byte[] secret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such webhook of yours.");
    }
}
