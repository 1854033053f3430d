// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

/** Whether a new version of the operator may restart pods. */
public enum UpgradePolicy {
    /** At once. */
    Automatic,
    /** When its plan is approved. */
    Manual
}
