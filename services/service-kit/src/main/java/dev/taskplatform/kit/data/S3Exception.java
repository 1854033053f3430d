// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;

/** A request that the store refused for good, or that it answered in no time; holds no credentials. */
final class S3Exception extends IOException {
    private final int status;
    private final String code;

    /**
     * @param status of the answer; 0 when there was none
     * @param code what the store calls it; empty when it said nothing
     */
    S3Exception(String message, int status, String code, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
    }

    /** Whether there is no such object, in a bucket that there is. */
    boolean isMissingObject() {
        return status == 404 && !code.equals("NoSuchBucket");
    }
}
