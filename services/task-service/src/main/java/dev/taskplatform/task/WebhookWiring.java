// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.webhook.DeliveryRepository;
import dev.taskplatform.task.webhook.Outbox;
import dev.taskplatform.task.webhook.TargetGuard;
import dev.taskplatform.task.webhook.TargetUrl;
import dev.taskplatform.task.webhook.WebhookDispatcher;
import dev.taskplatform.task.webhook.WebhookRepository;
import dev.taskplatform.task.webhook.WebhookSender;
import dev.taskplatform.task.webhook.Webhooks;
import dev.taskplatform.task.webhook.WebhooksResource;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Telling other programs what happens. */
final class WebhookWiring {
    private static final Logger LOGGER = System.getLogger(WebhookWiring.class.getName());

    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration PURGE = Duration.ofMinutes(10);

    private final Essentials essentials;
    private final TargetGuard guard;
    private final WebhookRepository repository;
    private final DeliveryRepository deliveries;
    private final Outbox outbox;
    private final Optional<WebhookDispatcher> dispatcher;

    WebhookWiring(Essentials essentials) {
        this.essentials = essentials;
        Config config = essentials.config().get("webhook");
        guard = new TargetGuard(
                Arrays.stream(config.get("allowed-networks").asString().get().split(","))
                        .filter(text -> !text.isBlank())
                        .toList(),
                InetAddress::getAllByName);
        repository = new WebhookRepository(essentials.database());
        deliveries = new DeliveryRepository(essentials.database());
        outbox = new Outbox(repository, deliveries, essentials.mapper(), essentials.ids(), essentials.clock());
        WebhookSender sender = new WebhookSender(
                guard, config.get("timeout").as(Duration.class).get());
        dispatcher = essentials
                .sealer()
                .map(sealer -> new WebhookDispatcher(
                        deliveries,
                        sender,
                        sealer,
                        essentials.clock(),
                        essentials.random(),
                        essentials.meters().registry()));
        if (dispatcher.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "keys.encryption-key-file names no file: there are no webhooks, and so no reminders");
        }
    }

    Outbox outbox() {
        return outbox;
    }

    /** What people can do with webhooks, once there are lists. */
    Api api(TaskWiring tasks) {
        Webhooks webhooks = new Webhooks(
                repository,
                deliveries,
                outbox,
                tasks.lists(),
                essentials.sealer(),
                essentials.database(),
                essentials.ids(),
                essentials.random(),
                essentials.clock());
        TargetUrl urls = new TargetUrl(
                guard, essentials.config().get("webhook.allow-http").asBoolean().get());
        return new Api(
                webhooks,
                new WebhooksResource(
                        webhooks,
                        urls,
                        essentials.cursors(),
                        essentials.bearer(),
                        essentials.idempotency(),
                        essentials.json()));
    }

    void supervise(ServiceServer.Builder server) {
        dispatcher.ifPresent(delivering -> server.closing(delivering)
                .closing(Repeating.start("webhooks", () -> LOOK, essentials.random(), delivering::run))
                .closing(Repeating.start("webhook-purge", () -> PURGE, essentials.random(), delivering::purge)));
    }

    /** The routes, and what becomes of a person's webhooks. */
    record Api(Webhooks webhooks, WebhooksResource resource) {
        void routes(HttpRules rules) {
            rules.register("/v1/webhooks", resource);
        }

        void removeAll(UUID user) {
            webhooks.removeAll(user);
        }
    }
}
