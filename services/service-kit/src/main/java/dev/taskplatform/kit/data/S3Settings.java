// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket of a store that speaks S3, and how it is spoken to.
 *
 * @param endpoint URL of the store, which the name of the bucket is appended to
 * @param folder begins the keys of all objects; may be empty
 * @param credentialsDir directory with the files {@code access-key-id} and {@code secret-access-key}, as Kubernetes mounts a
 *     Secret
 * @param caFile certificates in PEM that the store's is issued by; without it those of Java's own list
 * @param attempts how often a request is sent at most
 * @param backoff longest wait before the second attempt; doubles with each
 * @param timeout longest time of an attempt, with its content
 * @param partBytes longest content of a request
 */
record S3Settings(
        URI endpoint,
        String region,
        String bucket,
        String folder,
        Path credentialsDir,
        Optional<Path> caFile,
        int attempts,
        Duration backoff,
        Duration timeout,
        int partBytes) {
    /** Together these wait for at most 16 s. */
    private static final int ATTEMPTS = 6;

    private static final Duration BACKOFF = Duration.ofMillis(500);
    /** Of {@link #PART_BYTES} at 200 kB/s. */
    private static final Duration TIMEOUT = Duration.ofMinutes(6);

    /** A store takes 10,000 parts of one object, which then has 625 GiB. */
    private static final int PART_BYTES = 64 << 20;

    static S3Settings of(
            URI endpoint, String region, String bucket, String folder, Path credentialsDir, Optional<Path> caFile) {
        return new S3Settings(
                endpoint, region, bucket, folder, credentialsDir, caFile, ATTEMPTS, BACKOFF, TIMEOUT, PART_BYTES);
    }
}
