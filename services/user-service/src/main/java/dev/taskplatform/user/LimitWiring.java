// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.limit.RateSettings;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.throttle.Throttle;
import dev.taskplatform.user.throttle.ThrottleSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What keeps one client from taking all there is, and from guessing passwords. */
final class LimitWiring {
    private static final Duration PURGE = Duration.ofMinutes(1);

    private final RandomGenerator random;
    private final RateLimiter limiter;
    private final Throttle throttle;

    LimitWiring(Essentials essentials, KeyWiring keys) {
        random = essentials.random();
        limiter = new RateLimiter(
                essentials.live().setting(root -> RateSettings.from(root.get("rate"))),
                essentials.addresses(),
                System::nanoTime);
        throttle = new Throttle(
                essentials.live().setting(root -> ThrottleSettings.from(root.get("throttle"))),
                essentials.database(),
                keys.sealer().deriveKey("throttle"),
                essentials.clock(),
                random,
                essentials.meters().registry());
    }

    /** For routes that anybody may call and that cost something. */
    RateLimiter limiter() {
        return limiter;
    }

    /** For whatever looks at a password or a second factor. */
    Throttle throttle() {
        return throttle;
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(Repeating.start("throttle-purge", () -> PURGE, random, throttle::purge));
    }
}
