// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.task.webhook.Delivery.State;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Delivers what is in the outbox. Each replica does by itself: a lease keeps others from a delivery, and when its holder dies
 * it ends. Of one webhook few are under way at a time, so that a target that does not answer keeps no other waiting.
 */
public final class WebhookDispatcher implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(WebhookDispatcher.class.getName());

    private static final int MOST = 64;
    private static final int MOST_OF_A_WEBHOOK = 4;
    /** Longer than an attempt. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
    /** Together about two days. */
    private static final int MOST_ATTEMPTS = 17;

    private static final Duration PATIENCE = Duration.ofDays(5);
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final int PURGED_AT_ONCE = 500;
    private static final int GONE = 410;

    private final DeliveryRepository repository;
    private final WebhookSender sender;
    private final Sealer sealer;
    private final Clock clock;
    private final RandomGenerator random;
    private final MeterRegistry meters;
    private final Semaphore places = new Semaphore(MOST);
    private final Map<UUID, Integer> underWay = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** @param meters gets {@code webhook_deliveries{outcome}} */
    public WebhookDispatcher(
            DeliveryRepository repository,
            WebhookSender sender,
            Sealer sealer,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters) {
        this.repository = repository;
        this.sender = sender;
        this.sealer = sealer;
        this.clock = clock;
        this.random = random;
        this.meters = meters;
    }

    /** Begins to deliver all that is due, as far as there is room; does not wait for the ends. */
    public void run() {
        List<ClaimedDelivery> claimed = claim();
        while (!claimed.isEmpty() && !Thread.currentThread().isInterrupted()) {
            claimed.forEach(this::start);
            claimed = claim();
        }
    }

    /** Forgets what came to an end long ago. */
    public void purge() {
        int purged;
        do {
            purged = repository.purge(clock.instant().minus(RETENTION), PURGED_AT_ONCE);
        } while (purged == PURGED_AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    @Override
    public void close() {
        // What is under way is repeated when its lease has ended.
        executor.shutdownNow();
    }

    private List<ClaimedDelivery> claim() {
        int room = places.availablePermits();
        if (room == 0) {
            return List.of();
        }
        Set<UUID> busy = underWay.entrySet().stream()
                .filter(entry -> entry.getValue() >= MOST_OF_A_WEBHOOK)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return repository.claim(busy, room, clock.instant(), LEASE);
    }

    private void start(ClaimedDelivery delivery) {
        int count = underWay.merge(delivery.webhook(), 1, Integer::sum);
        if (count > MOST_OF_A_WEBHOOK || !places.tryAcquire()) {
            leave(delivery);
            repository.release(delivery);
            return;
        }
        executor.execute(() -> {
            try {
                deliver(delivery);
            } catch (InterruptedException | DatabaseUnavailableException e) {
                // Repeated when the lease has ended.
                LOGGER.log(Level.DEBUG, "A delivery was not brought to its end", e);
            } finally {
                places.release();
                leave(delivery);
            }
        });
    }

    private void leave(ClaimedDelivery delivery) {
        underWay.computeIfPresent(delivery.webhook(), (id, count) -> count == 1 ? null : count - 1);
    }

    private void deliver(ClaimedDelivery delivery) throws InterruptedException {
        if (!delivery.isAllowed()) {
            end(delivery, State.DEAD, Optional.empty(), Optional.of("You are no member of the list any more."));
            return;
        }
        int status;
        try {
            byte[] body = delivery.payload().getBytes(StandardCharsets.UTF_8);
            status = sender.post(delivery.url(), headers(delivery, body), body);
        } catch (TargetException e) {
            failed(delivery, Optional.empty(), e.getMessage() + ".");
            return;
        }
        if (status >= 200 && status < 300) {
            end(delivery, State.DELIVERED, Optional.of(status), Optional.empty());
            if (delivery.failingSince().isPresent()) {
                repository.failing(delivery.webhook(), Optional.empty());
            }
        } else if (status == GONE) {
            String reason = "The target answered 410: it is gone.";
            end(delivery, State.DEAD, Optional.of(status), Optional.of(reason));
            repository.deactivate(delivery.webhook(), reason, clock.instant());
        } else {
            failed(delivery, Optional.of(status), "The target answered " + status + ".");
        }
    }

    private Map<String, String> headers(ClaimedDelivery delivery, byte[] body) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(sealer.open(Webhooks.context(delivery.webhook()), delivery.secret()));
        delivery.previousSecret()
                .ifPresent(before -> keys.add(sealer.open(Webhooks.context(delivery.webhook()), before)));
        Instant now = clock.instant();
        return Map.of(
                "webhook-id", delivery.id().toString(),
                "webhook-timestamp", Long.toString(now.getEpochSecond()),
                "webhook-signature", Signature.of(keys, delivery.id(), now, body),
                "User-Agent", "TaskPlatform-Webhooks/1");
    }

    private void failed(ClaimedDelivery delivery, Optional<Integer> status, String reason) {
        Instant now = clock.instant();
        if (delivery.attempt() >= MOST_ATTEMPTS) {
            end(delivery, State.DEAD, status, Optional.of(reason));
        } else {
            count("retried");
            repository.retry(delivery, now.plus(pause(delivery.attempt())), status, Optional.of(reason), now);
        }
        Instant since = delivery.failingSince().orElse(now);
        if (delivery.failingSince().isEmpty()) {
            repository.failing(delivery.webhook(), Optional.of(now));
        } else if (since.isBefore(now.minus(PATIENCE))) {
            repository.deactivate(
                    delivery.webhook(), "It failed for %d days. %s".formatted(PATIENCE.toDays(), reason), now);
        }
    }

    /** A random part of what doubles with each attempt, so that those who failed together do not come back together. */
    private Duration pause(int attempt) {
        Duration most = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 20));
        Duration bounded = most.compareTo(LONGEST_PAUSE) < 0 ? most : LONGEST_PAUSE;
        return Duration.ofMillis(random.nextLong(bounded.toMillis() / 10, bounded.toMillis() + 1));
    }

    private void end(ClaimedDelivery delivery, State state, Optional<Integer> status, Optional<String> error) {
        repository.finish(delivery, state, status, error, clock.instant());
        count(state.text());
    }

    private void count(String outcome) {
        meters.counter("webhook.deliveries", "outcome", outcome).increment();
    }
}
