// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Sends signed requests to a bucket, and again while the store is busy or out of reach, a few times with growing pauses.
 * A store whose clock differs from this machine's says so; then its time counts.
 */
final class S3Client implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(S3Client.class.getName());

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int NOT_IMPLEMENTED = 501;
    private static final String CLOCKS_DIFFER = "RequestTimeTooSkewed";

    /** What Java's client sets itself, as it is signed. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length");

    /** An answer that is no object is a page of a list, of 1,000 keys. */
    private static final int ANSWER_BYTES = 4 << 20;

    private final S3Settings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final AwsCredentialsIdentity credentials;
    private final HttpClient http;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /** How much the store's clock is ahead. */
    private Duration ahead = Duration.ZERO;

    /** @throws DataException naming the file that can't be used */
    S3Client(S3Settings settings, Clock clock, RandomGenerator random) throws DataException {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.credentials = AwsCredentialsIdentity.create(secret("access-key-id"), secret("secret-access-key"));
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (settings.caFile().isPresent()) {
            builder.sslContext(trusting(settings.caFile().get()));
        }
        this.http = builder.build();
    }

    private String secret(String name) throws DataException {
        Path file = settings.credentialsDir().resolve(name);
        try {
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                throw new DataException(
                        "The file %s is empty; give the Secret of BACKUP_S3_CREDENTIALS_DIR a value for '%s'"
                                .formatted(file, name));
            }
            return value;
        } catch (IOException e) {
            throw new DataException(
                    "Can't read the file %s (%s); give the Secret of BACKUP_S3_CREDENTIALS_DIR a key '%s' and mount it there"
                            .formatted(file, e.getClass().getSimpleName(), name),
                    e);
        }
    }

    private static SSLContext trusting(Path file) throws DataException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), each);
            }
            if (trusted.size() == 0) {
                throw new DataException(
                        "BACKUP_S3_CA_FILE: %s has no certificate; put the store's authority there, in PEM"
                                .formatted(file));
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new DataException(
                    "BACKUP_S3_CA_FILE: can't use %s (%s); put the certificate of the store's authority there, in PEM"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** For people, with the place. */
    String description() {
        return "bucket %s at %s".formatted(settings.bucket(), settings.endpoint());
    }

    HttpResponse<byte[]> send(S3Request request) throws IOException {
        return send(request, ANSWER_BYTES);
    }

    /**
     * Sends a request until it is answered with success.
     *
     * @param mostBytes of the answer
     * @throws S3Exception if the store refuses it, or did not do it in any of the attempts
     */
    HttpResponse<byte[]> send(S3Request request, int mostBytes) throws IOException {
        boolean corrected = false;
        for (int attempt = 1; ; attempt++) {
            S3Exception failure;
            try {
                HttpResponse<byte[]> answer = sendOnce(request, mostBytes);
                if (isSuccess(answer)) {
                    return answer;
                }
                String code = S3Xml.text(answer.body(), "Code").orElse("");
                failure = failure(request, answer, code);
                if (code.equals(CLOCKS_DIFFER) && !corrected) {
                    correct(answer);
                    corrected = true;
                } else if (!isPassing(answer.statusCode())) {
                    throw failure;
                }
            } catch (S3Exception e) {
                throw e;
            } catch (IOException e) {
                failure = new S3Exception(
                        "%s got no answer: %s; see whether BACKUP_S3_ENDPOINT is right and can be reached from here"
                                .formatted(describe(request), reason(e)),
                        0,
                        "",
                        e);
            }
            if (attempt == settings.attempts()) {
                throw failure;
            }
            LOGGER.log(Level.DEBUG, "Tried again", failure);
            pause(attempt);
        }
    }

    /** The answer to a multipart upload's end may say success, and then that it failed. */
    private static boolean isSuccess(HttpResponse<byte[]> answer) {
        return answer.statusCode() / 100 == 2 && !S3Xml.isRoot(answer.body(), "Error");
    }

    private static boolean isPassing(int status) {
        return status >= 500 && status != NOT_IMPLEMENTED
                || status == TOO_MANY_REQUESTS
                || status == REQUEST_TIMEOUT
                // Of an upload's end, see above: the store's own advice is to try again.
                || status == 200;
    }

    private HttpResponse<byte[]> sendOnce(S3Request request, int mostBytes) throws IOException {
        HttpRequest signed = sign(request);
        // With the content: the client's own limit of time ends with the headers.
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(signed, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("not within " + settings.timeout(), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private HttpRequest sign(S3Request request) throws IOException {
        SdkHttpRequest.Builder plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(uri(request.key()));
        request.query().forEach(plain::putRawQueryParameter);
        request.headers().forEach(plain::putHeader);
        Clock time = Clock.offset(clock, ahead);
        SignedRequest signed;
        try (InputStream content = request.content().open()) {
            signed = signer.sign(sign -> sign.identity(credentials)
                    .request(plain.build())
                    .payload(() -> content)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, settings.region())
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(HttpSigner.SIGNING_CLOCK, time));
        }
        HttpRequest.Builder sent = HttpRequest.newBuilder(signed.request().getUri())
                .method(request.method(), request.content().sent());
        signed.request().forEachHeader((name, values) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> sent.header(name, value));
            }
        });
        return sent.build();
    }

    /** Path-style, as all stores understand it. Keys are of characters that no URL encodes. */
    private URI uri(String key) {
        String base = settings.endpoint().toString().replaceFirst("/+$", "");
        return URI.create(base + "/" + settings.bucket() + (key.isEmpty() ? "" : "/" + key));
    }

    private void correct(HttpResponse<byte[]> answer) {
        try {
            Instant theirs = ZonedDateTime.parse(
                            answer.headers().firstValue("date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            ahead = Duration.between(clock.instant(), theirs);
            LOGGER.log(
                    Level.WARNING,
                    () -> "The clock of the %s is ahead of this machine's by %s; requests are signed by its time"
                            .formatted(description(), ahead));
        } catch (DateTimeException e) {
            LOGGER.log(Level.DEBUG, "The store does not say its time", e);
        }
    }

    private S3Exception failure(S3Request request, HttpResponse<byte[]> answer, String code) {
        String told = S3Xml.text(answer.body(), "Message").orElse("");
        return new S3Exception(
                "%s was answered %d%s%s%s"
                        .formatted(
                                describe(request),
                                answer.statusCode(),
                                code.isEmpty() ? "" : " " + code,
                                told.isEmpty() ? "" : " (" + told + ")",
                                advice(answer.statusCode(), code)),
                answer.statusCode(),
                code,
                null);
    }

    private String describe(S3Request request) {
        String object = request.key().isEmpty() ? "" : " of " + request.key();
        return "%s%s in the %s".formatted(request.method(), object, description());
    }

    private String advice(int status, String code) {
        return switch (code) {
            case "NoSuchBucket" -> "; make the bucket, or name another in BACKUP_S3_BUCKET";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                "; put the right access-key-id and secret-access-key into the Secret";
            case "AccessDenied" -> "; let the key get, put, list and delete objects of the bucket";
            case CLOCKS_DIFFER -> "; set the clock of this machine or of the store";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                "; set BACKUP_S3_REGION and BACKUP_S3_ENDPOINT to those of the bucket";
            default -> status / 100 == 3 ? "; name the store's own address in BACKUP_S3_ENDPOINT" : "";
        };
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Of a length by chance, so that many clients do not come back together. */
    private void pause(int attempt) throws InterruptedIOException {
        long most = settings.backoff().toMillis() << (attempt - 1);
        try {
            Thread.sleep(random.nextLong(most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
