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
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerSettings;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.LiveConfig;
import dev.taskplatform.kit.server.ServiceLauncher;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.account.Accounts;
import dev.taskplatform.task.compatibility.SimpleApi;
import dev.taskplatform.task.task.DatabaseTaskRepository;
import dev.taskplatform.task.task.TaskCursors;
import dev.taskplatform.task.task.Tasks;
import dev.taskplatform.task.task.TasksResource;
import io.helidon.config.Config;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** The task service: everyone's own tasks. */
public final class Main {
    private static final Logger LOGGER = System.getLogger(Main.class.getName());

    /** The user service checks few passwords at a time; more callers would only wait there. */
    private static final int MAX_CONCURRENT_SIGN_INS = 16;

    /** What has expired does no harm but take space. */
    private static final Duration PURGE = Duration.ofMinutes(10);

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
        Config config = live.config();
        PeerSettings userService = new PeerSettings(
                "user-service",
                config.get("user-service.url").as(URI.class).get(),
                config.get("user-service.timeout").as(Duration.class).get(),
                MAX_CONCURRENT_SIGN_INS);
        SecureRandom random = new SecureRandom();
        ObjectMapper mapper = Json.mapper();
        JsonReader json = new JsonReader(mapper);
        Database database = Database.open(config.get("database"));
        RemoteKeys keys =
                RemoteKeys.open(URI.create(userService.url() + "/.well-known/jwks.json"), userService.timeout());
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                keys,
                config.get("issuer").asString().get(),
                config.get("audience").asString().get(),
                clock);
        Tasks tasks = new Tasks(new DatabaseTaskRepository(database), new UuidGenerator(clock, random), clock);
        // No secret: what people write about their tasks is in this database anyway.
        Idempotency idempotency = new Idempotency(
                database, IdempotencySettings.from(config.get("idempotency")), new byte[0], mapper, random, clock);
        FollowWiring follow = new FollowWiring(config.get("user-service"), database);
        TasksResource resource = new TasksResource(
                tasks,
                new TaskCursors(database, random),
                new BearerAuthentication(verifier, follow.liveness()),
                idempotency,
                json);
        Meters meters = new Meters();
        ServiceServer.Builder server = ServiceServer.builder(config, meters)
                .watching(live)
                .readiness("database", database::isHealthy)
                .readiness("token-keys", keys::hadKeys)
                .closing(keys)
                .closing(database)
                .closing(Repeating.start("idempotency-purge", () -> PURGE, random, idempotency::purge));
        follow.start(userService, tasks, mapper, clock, random, meters.registry(), server);
        if (!config.get("compatibility.simple-api").asBoolean().get()) {
            return server.routes(rules -> rules.register("/v1/tasks", resource)).build();
        }
        LOGGER.log(
                Level.WARNING,
                "compatibility.simple-api is true: /tasks takes passwords in the query, where proxies may log them");
        PeerClient peer = new PeerClient(userService, clock, meters.registry());
        SimpleApi simple = new SimpleApi(new Accounts(peer, verifier, mapper), tasks, json, mapper);
        return server.routes(rules -> rules.register("/v1/tasks", resource).register(simple))
                .errorFormats(SimpleApi::errorFormat)
                .closing(peer)
                .build();
    }
}
