// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.http.ClientAddresses;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.audit.DatabaseAuditLog;
import dev.taskplatform.user.event.DatabaseEventOutbox;
import dev.taskplatform.user.event.EventOutbox;
import io.helidon.config.Config;
import java.security.SecureRandom;
import java.time.Clock;

/** What all concerns of the service are made of. */
record Essentials(
        LiveConfig live,
        Clock clock,
        SecureRandom random,
        UuidGenerator ids,
        ObjectMapper mapper,
        JsonReader json,
        Database database,
        AuditLog audit,
        EventOutbox outbox,
        ClientAddresses addresses,
        Actors actors,
        Meters meters) {
    static Essentials of(LiveConfig live, Clock clock) {
        Config config = live.config();
        SecureRandom random = new SecureRandom();
        UuidGenerator ids = new UuidGenerator(clock, random);
        ObjectMapper mapper = Json.mapper();
        ClientAddresses addresses = ClientAddresses.from(config.get("server"));
        Database database = Database.open(config.get("database"));
        return new Essentials(
                live,
                clock,
                random,
                ids,
                mapper,
                new JsonReader(mapper),
                database,
                new DatabaseAuditLog(database, ids, clock, mapper),
                new DatabaseEventOutbox(database, ids, clock),
                addresses,
                new Actors(addresses),
                new Meters());
    }

    /** All settings as they were at the start; for those that no change reaches. */
    Config config() {
        return live.config();
    }
}
