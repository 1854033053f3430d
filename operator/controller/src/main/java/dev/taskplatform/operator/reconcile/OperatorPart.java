// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.apply.Digest;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.OperandImages;
import java.util.List;

/**
 * What this operator brings along to every resource: another version of the operator brings another chart or other images.
 *
 * @param images images of a resource that names no others
 * @param digest digest of the chart and the images
 */
record OperatorPart(OperandImages images, String digest) {

    static OperatorPart of(Chart chart, OperandImages images) {
        return new OperatorPart(
                images,
                Digest.of(List.of(
                        chart.digest(),
                        images.userService().toString(),
                        images.taskService().toString())));
    }
}
