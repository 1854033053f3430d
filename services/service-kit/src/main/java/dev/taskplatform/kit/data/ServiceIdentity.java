// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import io.helidon.config.Config;

/** Which service this is. */
record ServiceIdentity(String name, String version) {
    /** @param service the configuration node {@code service} */
    static ServiceIdentity from(Config service) {
        return new ServiceIdentity(
                service.get("name").asString().get(),
                service.get("version").asString().get());
    }
}
