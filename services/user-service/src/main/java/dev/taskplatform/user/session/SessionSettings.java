// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import io.helidon.config.Config;
import java.time.Duration;
import java.time.Instant;

/**
 * Settings under {@code token} for sessions. They hold for sessions that are there already, too.
 *
 * @param idleLifetime from one exchange of the refresh token to the latest next one
 * @param lifetime of a session, however much it is used
 * @param refreshGrace how long a refresh token that was exchanged can be sent again, for a client that did not get the
 *     answer or asked twice at once
 */
public record SessionSettings(Duration idleLifetime, Duration lifetime, Duration refreshGrace) {
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(3660);
    /** A thief's chance to go unnoticed. */
    private static final Duration MAX_GRACE = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public SessionSettings {
        check("refresh-idle-lifetime", idleLifetime, MIN_LIFETIME, MAX_LIFETIME);
        check("session-lifetime", lifetime, MIN_LIFETIME, MAX_LIFETIME);
        check("refresh-grace", refreshGrace, Duration.ZERO, MAX_GRACE);
    }

    /** @param config the node {@code token} */
    public static SessionSettings from(Config config) {
        return new SessionSettings(
                config.get("refresh-idle-lifetime").as(Duration.class).get(),
                config.get("session-lifetime").as(Duration.class).get(),
                config.get("refresh-grace").as(Duration.class).get());
    }

    /** When the session ends unless it is used. */
    Instant endOf(Session session) {
        Instant idle = session.lastUsedAt().plus(idleLifetime);
        Instant absolute = session.createdAt().plus(lifetime);
        return idle.isBefore(absolute) ? idle : absolute;
    }

    private static void check(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("token.%s: must be %s to %s, but is %s".formatted(key, min, max, value));
        }
    }
}
