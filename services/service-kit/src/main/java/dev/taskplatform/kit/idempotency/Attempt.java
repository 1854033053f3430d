// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import java.util.UUID;

/** What a request with a key meets. */
sealed interface Attempt {

    /**
     * It is the first, or all before it came to nothing: it may do the work.
     *
     * @param claim names this attempt, so that another, which took over when this one was too slow, is not undone by it
     */
    record First(UUID claim) implements Attempt {}

    /**
     * It was answered.
     *
     * @param sealed the answer
     */
    record Repeated(byte[] sealed) implements Attempt {}

    /** Another one is at work. */
    record InFlight() implements Attempt {}

    /** The key came with another body before. */
    record OtherRequest() implements Attempt {}
}
