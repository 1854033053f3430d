// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceLauncher;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.follow.OwnerRemoval;
import java.time.Clock;

/** The task service: tasks in lists that people keep for themselves or share. */
public final class Main {
    private Main() {}

    /** Starts the service; it ends on SIGTERM. */
    public static void main(String[] args) {
        ServiceLauncher.launch(live -> server(live, Clock.systemUTC()));
    }

    /**
     * The service, not yet listening.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    static ServiceServer server(LiveConfig live, Clock clock) {
        Essentials essentials = Essentials.of(live, clock);
        AccountWiring accounts = new AccountWiring(essentials);
        WebhookWiring webhooks = new WebhookWiring(essentials);
        TaskWiring tasks = new TaskWiring(essentials, accounts.users(), webhooks.outbox());
        WebhookWiring.Api webhookApi = webhooks.api(tasks);
        SyncWiring sync = new SyncWiring(essentials, tasks);
        TransferWiring transfer = new TransferWiring(essentials, tasks);
        OwnerRemoval removal = user -> {
            webhookApi.removeAll(user);
            transfer.removeAll(user);
            tasks.removeAll(user);
            accounts.users().forget(user);
        };
        FollowWiring follow = new FollowWiring(essentials, removal);
        CompatibilityWiring compatibility = new CompatibilityWiring(essentials, tasks.tasks(), tasks.finder());

        ServiceServer.Builder server = ServiceServer.builder(essentials.config(), essentials.meters())
                .watching(live)
                .routes(rules -> {
                    tasks.routes(rules);
                    webhookApi.routes(rules);
                    sync.routes(rules);
                    transfer.routes(rules);
                    compatibility.routes(rules);
                });
        essentials.supervise(server);
        accounts.supervise(server);
        tasks.supervise(server);
        webhooks.supervise(server);
        sync.supervise(server);
        transfer.supervise(server);
        follow.supervise(server);
        compatibility.supervise(server);
        return server.build();
    }
}
