// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** What of a Kubernetes API server concerns ServiceAccount tokens: its discovery document, its keys, who may read them. */
final class FakeApiServer implements AutoCloseable {
    static final String ISSUER = "https://kubernetes.default.svc.cluster.test";

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile RSAKey key;
    private volatile String bearer;
    private volatile int status = 200;

    /** @param bearer the token that it wants to see */
    FakeApiServer(String bearer) throws IOException, JOSEException {
        this.bearer = bearer;
        this.key = newKey();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        "application/json",
                        // As in many clusters, its own address is one that pods can't reach.
                        "{\"issuer\": \"%s\", \"jwks_uri\": \"https://192.0.2.1:6443/openid/v1/jwks\"}"
                                .formatted(ISSUER)));
        server.createContext(
                "/openid/v1/jwks",
                exchange -> answer(exchange, "application/jwk-set+json", new JWKSet(key.toPublicJWK()).toString()));
        server.start();
    }

    String jwksUri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/openid/v1/jwks";
    }

    /** How often it was asked. */
    int requests() {
        return requests.get();
    }

    void answers(int newStatus) {
        status = newStatus;
    }

    void wants(String newBearer) {
        bearer = newBearer;
    }

    /** Signs with another key from now on. */
    void rotate() throws JOSEException {
        key = newKey();
    }

    RSAKey key() {
        return key;
    }

    /** The claims of a projected token of an hour. */
    static JWTClaimsSet.Builder claims(String subject, String audience, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(subject)
                .audience(audience)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(1))));
    }

    String sign(JWTClaimsSet claims) throws JOSEException {
        return sign(claims, key);
    }

    static String sign(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    static RSAKey newKey() throws JOSEException {
        return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Like the API server, it has one type for each document, and answers 406 to who does not take it. */
    private void answer(HttpExchange exchange, String type, String body) throws IOException {
        requests.incrementAndGet();
        boolean welcome =
                ("Bearer " + bearer).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean acceptable = exchange.getRequestHeaders().getFirst("Accept").contains(type);
        int answered = !welcome ? 401 : !acceptable ? 406 : status;
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(answered, answered == 200 ? bytes.length : -1);
        if (answered == 200) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
