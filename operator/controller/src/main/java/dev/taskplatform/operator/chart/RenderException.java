// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

/** The chart refused the values; the message is the chart's own. */
public final class RenderException extends Exception {

    RenderException(String message) {
        super(message);
    }
}
