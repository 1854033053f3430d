// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * How much may be imported.
 *
 * @param maxSize of a file, in bytes
 * @param maxItems of a file
 * @param retention how long it is told what became of an import
 */
public record ImportSettings(long maxSize, int maxItems, Duration retention) {
    /**
     * The settings under a node.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static ImportSettings from(Config config) {
        ImportSettings settings = new ImportSettings(
                config.get("max-size").asLong().get(),
                config.get("max-items").asInt().get(),
                config.get("retention").as(Duration.class).get());
        if (settings.maxSize < 1 || settings.maxItems < 1) {
            throw new IllegalArgumentException("import.max-size, import.max-items: must be 1 or more");
        }
        if (settings.retention.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException("import.retention: must be PT1H or more, but is " + settings.retention);
        }
        return settings;
    }
}
