// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import java.util.List;

/** What both services have in common. */
public sealed interface ServiceSpec permits UserServiceSpec, TaskServiceSpec {

    /** @return pods of this service, or null for the resource's {@code replicas} */
    Integer replicas();

    /** @return the autoscaler's limits, or null for a fixed number of pods */
    Autoscaling autoscaling();

    /** @return the container's requests and limits, or null for the chart's */
    Resources resources();

    /** @return how the service is reached, or null for inside the cluster only */
    Exposure service();

    /** @return additional environment variables, or null */
    List<EnvVar> env();

    /** @return what is put on the pods besides, or null */
    PodTemplate podTemplate();
}
