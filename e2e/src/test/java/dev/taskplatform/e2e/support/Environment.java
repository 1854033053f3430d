// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

/**
 * What the run under test was given: images and chart tools. {@code make test} sets all of it.
 *
 * @param userServiceImage reference of the user-service image, pinned by digest
 * @param taskServiceImage reference of the task-service image, pinned by digest
 * @param operatorImage reference of the operator image, pinned by digest
 * @param registry host and port that the images are pulled from
 * @param embedded whether the cluster is the project's own, on this machine
 */
public record Environment(
        String userServiceImage, String taskServiceImage, String operatorImage, String registry, boolean embedded) {

    public static Environment current() {
        return new Environment(
                required("USER_SERVICE_IMAGE"),
                required("TASK_SERVICE_IMAGE"),
                required("TASKPLATFORM_OPERATOR_IMAGE"),
                required("REGISTRY"),
                Boolean.parseBoolean(required("EMBEDDED")));
    }

    private static String required(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "The environment variable " + name + " is not set: run the end-to-end tests by `make test`, or"
                            + " source .local/images.env and the output of `dev/cluster/cluster.sh env` first.");
        }
        return value;
    }
}
