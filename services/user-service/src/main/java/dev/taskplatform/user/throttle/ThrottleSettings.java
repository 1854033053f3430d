// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import io.helidon.config.Config;

/**
 * Settings under {@code throttle}.
 *
 * @param account after {@code account.failures} within {@code account.window} a name is locked for {@code account.lock},
 *     each further time twice as long, up to eight times
 * @param address after {@code address.failures} within {@code address.window} an address is locked for a window
 */
public record ThrottleSettings(Rule account, Rule address) {
    /** NIST SP 800-63B-4, section 3.2.2. */
    private static final int MAX_ACCOUNT_FAILURES = 100;

    private static final int MAX_ADDRESS_FAILURES = 1_000_000;
    private static final int MAX_GROWTH = 8;

    /**
     * @param config the node {@code throttle}
     * @throws IllegalArgumentException naming the setting that is out of range
     * @throws io.helidon.config.ConfigException naming the setting that is missing or of another type
     */
    public static ThrottleSettings from(Config config) {
        Config account = config.get("account");
        Config address = config.get("address");
        return new ThrottleSettings(
                Rule.of(account, MAX_ACCOUNT_FAILURES, Rule.duration(account, "lock"), MAX_GROWTH),
                Rule.of(address, MAX_ADDRESS_FAILURES, Rule.duration(address, "window"), 1));
    }
}
