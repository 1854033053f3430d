// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The value sets of the chart taskplatform, that between them switch on each of its branches. */
enum Values {
    EMBEDDED,
    POSTGRES,
    AUTOSCALING,
    INGRESS,
    HTTP_ROUTE,
    NODE_PORT,
    EVERYTHING;

    String yaml() {
        String file = "/values/" + name().toLowerCase().replace('_', '-') + ".yaml";
        try (InputStream stream = Values.class.getResourceAsStream(file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Rendering render() {
        return Chart.TASKPLATFORM.render(yaml());
    }
}
