// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Gets documents from the API server. Certificates and token are read for each request, since Kubernetes replaces both
 * while a pod runs; requests are minutes apart.
 */
final class ApiServer {
    private static final int MAX_BODY = 64 * 1024;
    private static final int OK = 200;

    /** The API server has its keys as the second only, and answers 406 to who does not take that. */
    private static final String TYPES = "application/json, application/jwk-set+json";

    private final KubernetesSettings settings;

    ApiServer(KubernetesSettings settings) {
        this.settings = settings;
    }

    /**
     * The text of a JSON document.
     *
     * @throws IOException if there is no answer by the deadline, one that is not 200, or a longer one
     */
    String get(URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", TYPES);
        if (settings.tokenFile().isPresent()) {
            String token = Files.readString(settings.tokenFile().get(), StandardCharsets.US_ASCII);
            request.header("Authorization", "Bearer " + token.strip());
        }
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout());
        if (settings.caFile().isPresent()) {
            client.sslContext(trusting(settings.caFile().get()));
        }
        HttpClient http = client.build();
        try {
            HttpResponse<byte[]> response = exchange(http, request.build());
            if (response.statusCode() != OK) {
                throw new IOException(uri + " answered with status " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } finally {
            http.shutdownNow();
        }
    }

    private HttpResponse<byte[]> exchange(HttpClient http, HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        try {
            return exchange.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    request.uri() + " cannot be read: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(request.uri() + " did not answer within " + settings.timeout(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(request.uri() + " was not waited for, as this service stops", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private static SSLContext trusting(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificates in " + file + " cannot be used", e);
        }
    }
}
