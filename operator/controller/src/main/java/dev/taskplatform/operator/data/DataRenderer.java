// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.chart.RenderException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** Renders the chart with a command on a resource's data. */
@FunctionalInterface
public interface DataRenderer {

    /**
     * @param resource a resource
     * @param command what is to be done
     * @return everything that the chart has for the resource, and the Jobs
     * @throws RenderException when the chart refuses the spec
     */
    List<GenericKubernetesResource> render(TaskPlatform resource, DataCommand command) throws RenderException;
}
