// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A request for an object, or for the bucket.
 *
 * @param key of the object; empty for the bucket
 * @param query parameters, not encoded
 * @param headers of its own, lower case
 */
record S3Request(String method, String key, Map<String, String> query, Map<String, String> headers, Content content) {
    S3Request(String method, String key, Map<String, String> query) {
        this(method, key, query, Map.of(), Content.of(new byte[0]));
    }

    /** What is sent with it, each time anew. */
    interface Content {
        /** For the signature. */
        InputStream open() throws IOException;

        BodyPublisher sent() throws FileNotFoundException;

        static Content of(byte[] bytes) {
            return new Content() {
                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(bytes);
                }

                @Override
                public BodyPublisher sent() {
                    return bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
                }
            };
        }

        static Content of(Path file) {
            return new Content() {
                @Override
                public InputStream open() throws IOException {
                    return Files.newInputStream(file);
                }

                @Override
                public BodyPublisher sent() throws FileNotFoundException {
                    return BodyPublishers.ofFile(file);
                }
            };
        }
    }
}
