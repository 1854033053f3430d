// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.audit.AuditRepository;
import dev.taskplatform.user.audit.AuditResource;
import dev.taskplatform.user.audit.AuditSettings;
import dev.taskplatform.user.audit.DatabaseAuditRepository;
import io.helidon.webserver.http.HttpRules;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The audit log, for administrators. */
final class AuditWiring {
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final RandomGenerator random;
    private final Clock clock;
    private final AuditSettings settings;
    private final AuditRepository repository;
    private final AuditResource resource;

    AuditWiring(Essentials essentials, KeyWiring keys) {
        random = essentials.random();
        clock = essentials.clock();
        settings = AuditSettings.from(essentials.config().get("audit"));
        repository = new DatabaseAuditRepository(essentials.database(), essentials.mapper());
        resource =
                new AuditResource(repository, new CursorCodec(keys.sealer().deriveKey("audit-cursors")), keys.bearer());
    }

    void routes(HttpRules rules) {
        rules.register("/v1/admin/audit", resource);
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(Repeating.start("audit-purge", () -> PURGE_INTERVAL, random, this::purge));
    }

    private void purge() {
        repository.purge(clock.instant().minus(settings.retention()));
    }
}
