// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

/**
 * A store with one bucket that checks each request's signature, as the documentation of AWS Signature Version 4 says, and
 * the digest of its content; and that can be told to misbehave.
 */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "backups";
    static final String KEY_ID = "AKIDEXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String REGION = "eu-central-1";

    private static final int PAGE = 3;
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();

    S3Server() throws IOException {
        this(HttpServer.create(loopback(), 0));
    }

    private S3Server(HttpServer server) {
        this.server = server;
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    /** One that is reached by TLS. */
    static S3Server tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new S3Server(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    URI endpoint() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(
                "%s://localhost:%d".formatted(scheme, server.getAddress().getPort()));
    }

    /** By their keys. */
    Map<String, byte[]> objects() {
        return objects;
    }

    /** Of uploads that have neither been completed nor aborted. */
    int openUploads() {
        return uploads.size();
    }

    /** Method and URI of each request whose signature was right. */
    List<String> requests() {
        return requests;
    }

    /** Misbehaves on the next request of a kind, once. */
    void fault(Predicate<String> request, Behaviour behaviour) {
        faults.add(new Fault(request, behaviour));
    }

    /** Answers the next requests so. */
    void fail(int times, int status, String code) {
        for (int i = 0; i < times; i++) {
            fault(request -> true, (exchange, body) -> {
                error(exchange, status, code);
                return true;
            });
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            for (Fault fault : faults) {
                if (fault.request().test(request) && faults.remove(fault)) {
                    if (fault.behaviour().answer(exchange, body)) {
                        return;
                    }
                }
            }
            Optional<String> refusal = refusal(exchange, body);
            if (refusal.isPresent()) {
                error(exchange, 403, refusal.get());
                return;
            }
            requests.add(request);
            route(exchange, body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void route(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!path.equals("/" + BUCKET) && !path.startsWith("/" + BUCKET + "/")) {
            error(exchange, 404, "NoSuchBucket");
            return;
        }
        String key = path.substring(Math.min(path.length(), BUCKET.length() + 2));
        Map<String, String> query = query(exchange.getRequestURI());
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (key.isEmpty()) {
                    list(exchange, query);
                } else {
                    get(exchange, key);
                }
            }
            case "PUT" -> {
                if (query.containsKey("uploadId")) {
                    Map<Integer, byte[]> parts = uploads.get(query.get("uploadId"));
                    if (parts == null) {
                        error(exchange, 404, "NoSuchUpload");
                        return;
                    }
                    parts.put(Integer.parseInt(query.get("partNumber")), body);
                } else {
                    objects.put(key, body);
                }
                exchange.getResponseHeaders().set("ETag", tag(body));
                answer(exchange, 200, "");
            }
            case "POST" -> post(exchange, key, query, new String(body, StandardCharsets.UTF_8));
            case "DELETE" -> {
                if (query.containsKey("uploadId")) {
                    uploads.remove(query.get("uploadId"));
                } else {
                    objects.remove(key);
                }
                answer(exchange, 204, "");
            }
            default -> error(exchange, 501, "NotImplemented");
        }
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        byte[] object = objects.get(key);
        if (object == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        String wanted = exchange.getRequestHeaders().getFirst("If-Match");
        if (wanted != null && !wanted.equals(tag(object))) {
            error(exchange, 412, "PreconditionFailed");
            return;
        }
        Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
        if (!range.matches()) {
            error(exchange, 400, "InvalidArgument");
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int to = (int) Math.min(Long.parseLong(range.group(2)) + 1, object.length);
        exchange.getResponseHeaders().set("ETag", tag(object));
        exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, object.length));
        exchange.sendResponseHeaders(206, to - from);
        exchange.getResponseBody().write(object, from, to - from);
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        String after = query.getOrDefault("continuation-token", "");
        List<String> keys = objects.keySet().stream()
                .filter(key -> key.startsWith(query.get("prefix")) && key.compareTo(after) > 0)
                .toList();
        List<String> page = keys.subList(0, Math.min(PAGE, keys.size()));
        boolean more = keys.size() > PAGE;
        String token = more ? "<NextContinuationToken>%s</NextContinuationToken>".formatted(page.getLast()) : "";
        answer(
                exchange,
                200,
                page.stream()
                        .map(key ->
                                "<Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Owner><ID>x</ID></Owner></Contents>"
                                        .formatted(key))
                        .collect(Collectors.joining(
                                "",
                                "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>"
                                        + more + "</IsTruncated>" + token,
                                "</ListBucketResult>")));
    }

    private void post(HttpExchange exchange, String key, Map<String, String> query, String body) throws IOException {
        if (query.containsKey("uploads")) {
            String id = "upload " + requests.size() + "/+=";
            uploads.put(id, new TreeMap<>());
            answer(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
                            .formatted(id));
            return;
        }
        Map<Integer, byte[]> parts = uploads.remove(query.get("uploadId"));
        if (parts == null) {
            error(exchange, 404, "NoSuchUpload");
            return;
        }
        StringBuilder expected = new StringBuilder("<CompleteMultipartUpload>");
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Map.Entry<Integer, byte[]> part : parts.entrySet()) {
            expected.append("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                    .formatted(part.getKey(), tag(part.getValue())));
            whole.write(part.getValue());
        }
        if (!body.equals(expected.append("</CompleteMultipartUpload>").toString())) {
            error(exchange, 400, "InvalidPart");
            return;
        }
        objects.put(key, whole.toByteArray());
        answer(exchange, 200, "<CompleteMultipartUploadResult/>");
    }

    /** The code of what is wrong with the signature. */
    private Optional<String> refusal(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
        String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches()) {
            return Optional.of("AccessDenied");
        }
        if (!parts.group(1).equals(KEY_ID)) {
            return Optional.of("InvalidAccessKeyId");
        }
        if (!parts.group(3).equals(REGION)) {
            return Optional.of("AuthorizationHeaderMalformed");
        }
        String time = exchange.getRequestHeaders().getFirst("X-Amz-Date");
        Duration skew = Duration.between(TIME.parse(time, Instant::from), Instant.now());
        if (skew.abs().compareTo(MOST_SKEW) > 0) {
            return Optional.of("RequestTimeTooSkewed");
        }
        String contentHash = exchange.getRequestHeaders().getFirst("X-Amz-Content-Sha256");
        if (!sha256(body).equals(contentHash)) {
            return Optional.of("XAmzContentSHA256Mismatch");
        }
        String[] signedHeaders = parts.group(4).split(";");
        if (!Arrays.asList(signedHeaders).containsAll(List.of("host", "x-amz-content-sha256", "x-amz-date"))) {
            return Optional.of("AccessDenied");
        }
        URI uri = exchange.getRequestURI();
        String canonicalQuery = uri.getRawQuery() == null
                ? ""
                : Arrays.stream(uri.getRawQuery().split("&"))
                        .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
        String canonicalHeaders = Arrays.stream(signedHeaders)
                .map(name ->
                        name + ":" + exchange.getRequestHeaders().getFirst(name).strip() + "\n")
                .collect(Collectors.joining());
        String canonical = String.join(
                "\n",
                exchange.getRequestMethod(),
                uri.getRawPath(),
                canonicalQuery,
                canonicalHeaders,
                parts.group(4),
                contentHash);
        String scope = "%s/%s/s3/aws4_request".formatted(parts.group(2), REGION);
        String toSign =
                String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(parts.group(2), REGION, "s3", "aws4_request", toSign)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(key).equals(parts.group(5))
                ? Optional.empty()
                : Optional.of("SignatureDoesNotMatch");
    }

    /** Does what completes an upload, and says nothing. */
    void complete(HttpExchange exchange) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        uploads.remove(query(exchange.getRequestURI()).get("uploadId")).values().forEach(whole::writeBytes);
        objects.put(exchange.getRequestURI().getPath().substring(BUCKET.length() + 2), whole.toByteArray());
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new TreeMap<>();
        if (uri.getRawQuery() != null) {
            for (String parameter : uri.getRawQuery().split("&")) {
                String[] parts = parameter.split("=", 2);
                query.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    void error(HttpExchange exchange, int status, String code) throws IOException {
        answer(
                exchange,
                status,
                "<?xml version=\"1.0\"?>\n<Error><Code>%s</Code><Message>It says %s</Message></Error>"
                        .formatted(code, code));
    }

    void answer(HttpExchange exchange, int status, String xml) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                Instant.now().atOffset(ZoneOffset.UTC)));
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    private static String tag(byte[] content) {
        return "\"" + sha256(content).substring(0, 32) + "\"";
    }

    private static String sha256(byte[] content) {
        MessageDigest digest = Hashes.sha256();
        return HexFormat.of().formatHex(digest.digest(content));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    /** What it does instead, or before. */
    @FunctionalInterface
    interface Behaviour {
        /** @return whether the request has been answered */
        boolean answer(HttpExchange exchange, byte[] body) throws IOException;
    }

    private record Fault(Predicate<String> request, Behaviour behaviour) {}
}
