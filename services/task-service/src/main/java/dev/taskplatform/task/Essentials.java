// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.auth.RemoteKeys;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.idempotency.IdempotencySettings;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.change.ChangeClock;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.DatabaseChangeLog;
import dev.taskplatform.task.cursor.SharedCursors;
import dev.taskplatform.task.follow.DatabaseFollowRepository;
import dev.taskplatform.task.follow.FollowRepository;
import dev.taskplatform.task.follow.TokenLiveness;
import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What all concerns of the service are made of. */
record Essentials(
        LiveConfig live,
        Clock clock,
        SecureRandom random,
        UuidGenerator ids,
        ObjectMapper mapper,
        JsonReader json,
        Database database,
        PeerSettings userService,
        RemoteKeys keys,
        AccessTokenVerifier verifier,
        Optional<Sealer> sealer,
        FollowRepository follow,
        BearerAuthentication bearer,
        Idempotency idempotency,
        SharedCursors cursors,
        ChangeClock positions,
        ChangeLog changes,
        Meters meters) {
    /** The user service checks few passwords at a time; more callers would only wait there until it is too late. */
    private static final int MAX_CONCURRENT_SIGN_INS = 64;

    /** What has expired does no harm but take space. */
    private static final Duration PURGE = Duration.ofMinutes(10);

    static Essentials of(LiveConfig live, Clock system) {
        Config config = live.config();
        // As precise as the databases, so that what a client is told is what it will read.
        Clock clock = Clock.tick(system, ChronoUnit.MICROS.getDuration());
        PeerSettings userService = PeerSettings.from(config.get("user-service"), MAX_CONCURRENT_SIGN_INS);
        SecureRandom random = new SecureRandom();
        ObjectMapper mapper = Json.mapper();
        Database database = Database.open(config.get("database"));
        RemoteKeys keys =
                RemoteKeys.open(URI.create(userService.url() + "/.well-known/jwks.json"), userService.timeout());
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                keys,
                config.get("issuer").asString().get(),
                config.get("audience").asString().get(),
                clock);
        Optional<Sealer> sealer = config.get("keys.encryption-key-file")
                .asString()
                .filter(file -> !file.isBlank() && Files.exists(Path.of(file)))
                .map(file -> Sealer.fromFile(Path.of(file), random));
        FollowRepository follow = new DatabaseFollowRepository(database);
        ChangeClock positions = new ChangeClock(database);
        return new Essentials(
                live,
                clock,
                random,
                new UuidGenerator(clock, random),
                mapper,
                new JsonReader(mapper),
                database,
                userService,
                keys,
                verifier,
                sealer,
                follow,
                new BearerAuthentication(verifier, new TokenLiveness(follow)),
                new Idempotency(
                        database,
                        IdempotencySettings.from(config.get("idempotency")),
                        // Without it there are no answers with secrets: those of webhooks.
                        sealer.map(known -> known.deriveKey("idempotency")).orElse(new byte[0]),
                        mapper,
                        random,
                        clock),
                new SharedCursors(database, random),
                positions,
                new DatabaseChangeLog(database, positions),
                new Meters());
    }

    /** All settings as they were at the start; for those that no change reaches. */
    Config config() {
        return live.config();
    }

    void supervise(ServiceServer.Builder server) {
        server.readiness("database", database::isHealthy)
                .readiness("token-keys", keys::hadKeys)
                .closing(keys)
                .closing(database)
                .closing(Repeating.start("idempotency-purge", () -> PURGE, random, idempotency::purge));
    }
}
