// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;

/**
 * A bucket of a store that speaks S3. An object is sent in parts when it is longer than one of them, and read in pieces, so
 * that neither is ever in memory and each can be repeated by itself.
 */
final class S3Store implements BackupStore {
    private static final Logger LOGGER = System.getLogger(S3Store.class.getName());

    /** So much of an object is in memory while it is read. */
    private static final int PIECE_BYTES = 4 << 20;

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
    private static final int PARTIAL_CONTENT = 206;

    private final S3Client client;
    private final String folder;
    private final int partBytes;
    private final Path workDir;

    /** @param workDir where a part is until it is sent */
    S3Store(S3Client client, String folder, int partBytes, Path workDir) {
        this.client = client;
        this.folder = folder.isEmpty() ? "" : folder + "/";
        this.partBytes = partBytes;
        this.workDir = workDir;
    }

    @Override
    public String description() {
        return folder.isEmpty()
                ? "the " + client.description()
                : "%s in the %s".formatted(folder, client.description());
    }

    @Override
    public Upload create(String name) throws IOException {
        return new ObjectUpload(folder + name);
    }

    @Override
    public InputStream open(String name) throws IOException {
        return new ObjectStream(folder + name);
    }

    @Override
    public List<Stored> list(String within) throws IOException {
        List<Stored> stored = new ArrayList<>();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("list-type", "2");
        query.put("prefix", folder + within + "/");
        boolean more;
        do {
            byte[] page = client.send(new S3Request("GET", "", query)).body();
            try {
                for (Map<String, String> object : S3Xml.elements(page, "Contents")) {
                    stored.add(new Stored(
                            object.get("Key").substring(folder.length()), Instant.parse(object.get("LastModified"))));
                }
            } catch (XMLStreamException | DateTimeException | NullPointerException e) {
                throw new IOException(
                        "The %s answers no list of objects; is BACKUP_S3_ENDPOINT a store that speaks S3?"
                                .formatted(client.description()),
                        e);
            }
            more = S3Xml.text(page, "IsTruncated").filter("true"::equals).isPresent();
            query.put(
                    "continuation-token",
                    S3Xml.text(page, "NextContinuationToken").orElse(""));
        } while (more);
        return stored;
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            client.send(new S3Request("DELETE", folder + name, Map.of()));
        } catch (S3Exception e) {
            if (!e.isMissingObject()) {
                throw e;
            }
        }
    }

    /** Of an object; -1 when there is none. */
    private long length(String key) throws IOException {
        try (ObjectStream object = new ObjectStream(key)) {
            return object.length;
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Collects a part in a file, and sends it when the next begins. */
    private final class ObjectUpload extends Upload {
        private final String key;
        private final Path part;
        private final List<String> tags = new ArrayList<>();
        private OutputStream out;
        private long partLength;
        private String uploadId;
        private boolean done;

        ObjectUpload(String key) throws IOException {
            this.key = key;
            this.part = Files.createTempFile(workDir, "part-", "");
            this.out = Files.newOutputStream(part);
        }

        @Override
        void append(byte[] content, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                if (partLength == partBytes) {
                    sendPart();
                }
                int now = (int) Math.min(left, partBytes - partLength);
                out.write(content, from, now);
                partLength += now;
                from += now;
                left -= now;
            }
        }

        private void sendPart() throws IOException {
            out.close();
            if (uploadId == null) {
                byte[] answer = client.send(new S3Request("POST", key, Map.of("uploads", "")))
                        .body();
                uploadId = S3Xml.text(answer, "UploadId")
                        .orElseThrow(
                                () -> new IOException("The %s answers no UploadId".formatted(client.description())));
            }
            Map<String, String> query = Map.of("partNumber", Integer.toString(tags.size() + 1), "uploadId", uploadId);
            HttpResponse<byte[]> answer =
                    client.send(new S3Request("PUT", key, query, Map.of(), S3Request.Content.of(part)));
            tags.add(answer.headers()
                    .firstValue("etag")
                    .orElseThrow(
                            () -> new IOException("The %s answers no ETag to a part".formatted(client.description()))));
            out = Files.newOutputStream(part);
            partLength = 0;
        }

        @Override
        void commit() throws IOException {
            if (uploadId == null) {
                out.close();
                client.send(new S3Request("PUT", key, Map.of(), Map.of(), S3Request.Content.of(part)));
            } else {
                sendPart();
                StringBuilder parts = new StringBuilder("<CompleteMultipartUpload>");
                for (int i = 0; i < tags.size(); i++) {
                    parts.append("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                            .formatted(i + 1, tags.get(i).replace("&", "&amp;").replace("<", "&lt;")));
                }
                byte[] body =
                        parts.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
                try {
                    client.send(new S3Request(
                            "POST", key, Map.of("uploadId", uploadId), Map.of(), S3Request.Content.of(body)));
                } catch (S3Exception e) {
                    // It may have been done by an attempt whose answer was lost.
                    if (!e.isMissingObject() || length(key) != bytes()) {
                        throw e;
                    }
                }
            }
            done = true;
        }

        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(part);
            if (uploadId != null && !done) {
                abort();
            }
        }

        private void abort() {
            try {
                client.send(new S3Request("DELETE", key, Map.of("uploadId", uploadId)));
            } catch (IOException e) {
                // The reason for it is under way to whoever wanted the upload.
                LOGGER.log(
                        Level.WARNING,
                        "Parts of {0} stay in the store, where a lifecycle rule for incomplete uploads removes them: {1}",
                        key,
                        e.getMessage());
            }
        }
    }

    /** Reads an object piece by piece, all of the same version. */
    private final class ObjectStream extends InputStream {
        private final String key;
        private byte[] piece = new byte[0];
        private int next;
        private long fetched;
        private long length;
        private String tag;

        ObjectStream(String key) throws IOException {
            this.key = key;
            fetch();
        }

        private void fetch() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("range", "bytes=%d-%d".formatted(fetched, fetched + PIECE_BYTES - 1));
            if (tag != null) {
                headers.put("if-match", tag);
            }
            HttpResponse<byte[]> answer;
            try {
                answer = client.send(
                        new S3Request("GET", key, Map.of(), headers, S3Request.Content.of(new byte[0])), PIECE_BYTES);
            } catch (S3Exception e) {
                if (e.isMissingObject()) {
                    throw new NoSuchFileException(key);
                }
                throw e;
            }
            Matcher range = CONTENT_RANGE.matcher(
                    answer.headers().firstValue("content-range").orElse(""));
            if (answer.statusCode() != PARTIAL_CONTENT
                    || !range.matches()
                    || Long.parseLong(range.group(1)) != fetched
                    || Long.parseLong(range.group(2)) != fetched + answer.body().length - 1) {
                throw new IOException("The %s does not answer the range of %s that it is asked for"
                        .formatted(client.description(), key));
            }
            piece = answer.body();
            next = 0;
            fetched += piece.length;
            length = Long.parseLong(range.group(3));
            tag = answer.headers().firstValue("etag").orElse(null);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int wanted) throws IOException {
            if (wanted == 0) {
                return 0;
            }
            if (next == piece.length) {
                if (fetched == length) {
                    return -1;
                }
                fetch();
            }
            int now = Math.min(wanted, piece.length - next);
            System.arraycopy(piece, next, into, offset, now);
            next += now;
            return now;
        }
    }
}
