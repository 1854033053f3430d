// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Where a service is between its start and its end, as the probes see it. */
final class Lifecycle {
    private volatile boolean started;
    private volatile boolean draining;

    void started() {
        started = true;
    }

    void draining() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    List<HealthCheck> checks() {
        return List.of(
                new Check("started", HealthCheckType.STARTUP, () -> started),
                new Check("live", HealthCheckType.LIVENESS, () -> true),
                new Check("accepting", HealthCheckType.READINESS, () -> started && !draining));
    }

    /** A check that runs on the observing port's request. */
    record Check(String name, HealthCheckType type, BooleanSupplier up) implements HealthCheck {
        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.builder().status(up.getAsBoolean()).build();
        }
    }
}
