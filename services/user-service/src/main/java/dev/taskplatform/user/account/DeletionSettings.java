// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import io.helidon.config.Config;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who takes part in the deletion of an account.
 *
 * @param consumers client ids of the services that must acknowledge; none completes a deletion at once
 */
public record DeletionSettings(Set<String> consumers) {
    /** The settings under {@code deletion}; the consumers are a list, or words parted by commas as in a variable. */
    public static DeletionSettings from(Config config) {
        Config node = config.get("consumers");
        List<String> consumers = node.isLeaf()
                ? Arrays.asList(node.asString().get().split(","))
                : node.asList(String.class).get();
        return new DeletionSettings(consumers.stream()
                .map(String::strip)
                .filter(consumer -> !consumer.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }
}
