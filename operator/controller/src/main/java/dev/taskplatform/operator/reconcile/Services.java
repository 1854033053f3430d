// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

/** Names of the services; an object of a service is named RESOURCE-SERVICE. */
final class Services {

    static final String USER = "user-service";
    static final String TASK = "task-service";

    private Services() {}
}
