// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.outbound.ServiceCredentials;
import dev.taskplatform.kit.outbound.ServiceToken;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.account.RemoteUserLookup;
import dev.taskplatform.task.account.UserDirectory;
import java.util.Optional;

/** Who persons are. */
final class AccountWiring {
    /** Of clients for services (RFC 6749, section 3.3). */
    private static final String SCOPE = "users:read";

    /** Look-ups are short; more at a time only come when the user service is in trouble. */
    private static final int CALLS = 32;

    private final Optional<PeerClient> peer;
    private final UserDirectory users;

    AccountWiring(Essentials essentials) {
        Optional<ServiceCredentials> credentials =
                ServiceCredentials.from(essentials.config().get("user-service"));
        PeerSettings settings = essentials.userService().forCalls("user-service-lookup", CALLS);
        peer = credentials.map(known -> new PeerClient(
                settings,
                essentials.clock(),
                essentials.random(),
                essentials.meters().registry()));
        users = new UserDirectory(
                peer.map(client -> new RemoteUserLookup(
                        client,
                        new ServiceToken(client, credentials.get(), SCOPE, essentials.mapper(), essentials.clock()),
                        essentials.mapper())),
                essentials.clock());
    }

    UserDirectory users() {
        return users;
    }

    void supervise(ServiceServer.Builder server) {
        peer.ifPresent(server::closing);
    }
}
