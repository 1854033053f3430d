// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.user.audit.DatabaseAuditLog;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One process's keys, with clocks that a test moves. */
final class Replica {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration ROTATION_PERIOD = Duration.ofDays(30);

    final AtomicReference<Instant> clock = new AtomicReference<>(START);
    final AtomicLong nanoTime = new AtomicLong();
    final AtomicReference<Duration> tokenLifetime = new AtomicReference<>(Duration.ofMinutes(15));
    final SigningKeys keys;

    Replica(Database database, Sealer sealer) {
        this(database, sealer, repository -> repository);
    }

    /** @param between what comes between the keys and their database */
    Replica(Database database, Sealer sealer, UnaryOperator<KeyRepository> between) {
        SecureRandom random = new SecureRandom();
        Clock time = ((InstantSource) clock::get).withZone(ZoneOffset.UTC);
        KeyMaker maker = new KeyMaker(sealer, random);
        RotationPlan plan = new RotationPlan(
                maker, () -> new KeySettings(ROTATION_PERIOD), tokenLifetime::get, time, nanoTime::get);
        keys = new SigningKeys(
                between.apply(new DatabaseKeyRepository(database)),
                database,
                new DatabaseAuditLog(database, new UuidGenerator(time, random), time, Json.mapper()),
                maker,
                plan);
    }

    /** Time goes by, and nobody touches the clock. */
    Replica pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
        nanoTime.addAndGet(time.toNanos());
        keys.refresh();
        return this;
    }

    /** Somebody sets the clock. */
    Replica jump(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
        keys.refresh();
        return this;
    }

    String signing() {
        return keys.current().getKeyID();
    }

    /** The ids of the keys for access tokens. */
    List<String> published() {
        return published(ECKey.class);
    }

    /** The ids of the keys for RS256. */
    List<String> publishedForRs256() {
        return published(RSAKey.class);
    }

    private List<String> published(Class<? extends JWK> type) {
        return keys.published().getKeys().stream()
                .filter(type::isInstance)
                .map(JWK::getKeyID)
                .toList();
    }
}
