// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.account.Accounts;
import dev.taskplatform.task.compatibility.SimpleApi;
import dev.taskplatform.task.find.TaskFinder;
import dev.taskplatform.task.task.Tasks;
import io.helidon.webserver.http.HttpRules;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** The simple API, where it is turned on. */
final class CompatibilityWiring {
    private static final Logger LOGGER = System.getLogger(CompatibilityWiring.class.getName());

    private final Optional<PeerClient> peer;
    private final Optional<SimpleApi> api;

    CompatibilityWiring(Essentials essentials, Tasks tasks, TaskFinder finder) {
        if (essentials.config().get("compatibility.simple-api").asBoolean().get()) {
            LOGGER.log(
                    Level.WARNING,
                    "compatibility.simple-api is true: /tasks takes passwords in the query, where proxies may log them");
            peer = Optional.of(new PeerClient(
                    essentials.userService(),
                    essentials.clock(),
                    essentials.random(),
                    essentials.meters().registry()));
        } else {
            peer = Optional.empty();
        }
        api = peer.map(client -> new SimpleApi(
                new Accounts(client, essentials.verifier(), essentials.mapper()),
                tasks,
                finder,
                essentials.json(),
                essentials.mapper()));
    }

    void routes(HttpRules rules) {
        api.ifPresent(rules::register);
    }

    void supervise(ServiceServer.Builder server) {
        peer.ifPresent(client -> server.errorFormats(SimpleApi::errorFormat).closing(client));
    }
}
