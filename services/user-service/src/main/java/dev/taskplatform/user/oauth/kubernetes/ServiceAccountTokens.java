// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Checks ServiceAccount tokens with the keys of the cluster: signature, exact issuer, our audience, not expired. A token
 * made for another audience, such as the API server, proves nothing here, so that whoever it was sent to can't use it.
 *
 * <p>The API server is asked for its keys only, not for each token as TokenReview would: sign-ins of workloads go on
 * while it is away. The price is that the token of a ServiceAccount or pod that was deleted is accepted until it expires.
 */
public final class ServiceAccountTokens {
    private static final Logger LOGGER = System.getLogger(ServiceAccountTokens.class.getName());

    /** Those that an API server signs with. */
    private static final List<JWSAlgorithm> ALGORITHMS =
            List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    private static final Duration KEYS_TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final Duration KEYS_REFRESH_AHEAD = Duration.ofSeconds(30);
    /** Tokens with made-up key ids must not each become a request to the API server. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

    private static final Duration OUTAGE = Duration.ofHours(12);
    private static final int CLOCK_SKEW_SECONDS = 30;

    private final KubernetesSettings settings;
    private final Map<String, Client> clients;
    private final ApiServer server;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final JWKSource<SecurityContext> keys;
    private final ReentrantLock learning = new ReentrantLock();
    private volatile DefaultJWTProcessor<SecurityContext> processor;
    private volatile long lastTry;

    /**
     * @param settings with the ServiceAccounts that are let in
     * @param mapper reads the discovery document
     * @param clock tells what has expired
     */
    public ServiceAccountTokens(KubernetesSettings settings, ObjectMapper mapper, Clock clock) {
        this.settings = settings;
        this.clients = settings.serviceAccounts().stream()
                .collect(Collectors.toUnmodifiableMap(Workload::subject, Workload::client));
        this.server = new ApiServer(settings);
        this.mapper = mapper;
        this.clock = clock;
        this.keys = JWKSourceBuilder.create(new ClusterKeys())
                .cache(
                        KEYS_TIME_TO_LIVE.toMillis(),
                        settings.timeout().multipliedBy(2).toMillis())
                .refreshAheadCache(KEYS_REFRESH_AHEAD.toMillis(), true)
                .rateLimited(MIN_INTERVAL.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
        this.lastTry = System.nanoTime() - MIN_INTERVAL.toNanos();
    }

    /** The algorithms that tokens may be signed with; none if nobody is let in. */
    public List<String> algorithms() {
        return clients.isEmpty()
                ? List.of()
                : ALGORITHMS.stream().map(JWSAlgorithm::getName).toList();
    }

    /** The clients that ServiceAccounts are let in as. */
    public List<Client> clients() {
        return List.copyOf(clients.values().stream()
                .collect(Collectors.toMap(Client::id, client -> client, ServiceAccountTokens::both))
                .values());
    }

    /**
     * The client whose ServiceAccount a token is.
     *
     * @param token compact serialisation
     * @throws OAuthException invalid_client, for whatever reason
     * @throws KubernetesUnavailableException if the keys or the issuer cannot be had
     */
    public Client client(String token) {
        if (clients.isEmpty()) {
            throw refused("ServiceAccount tokens are not accepted here");
        }
        String subject = verify(token).getSubject();
        Client client = clients.get(subject);
        if (client == null) {
            throw refused("This ServiceAccount is no client here");
        }
        return client;
    }

    private JWTClaimsSet verify(String token) {
        try {
            return processor().process(token, null);
        } catch (RateLimitReachedException e) {
            // The API server was asked only just now. If it gave its keys then, this token names none of them.
            if (hasKeys()) {
                throw refused("The assertion is not valid");
            }
            throw new KubernetesUnavailableException(e);
        } catch (KeySourceException e) {
            LOGGER.log(Level.DEBUG, "The keys of ServiceAccount tokens cannot be had", e);
            throw new KubernetesUnavailableException(e);
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "A ServiceAccount token was refused", e);
            throw refused("The assertion is not valid");
        }
    }

    private boolean hasKeys() {
        try {
            return !keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null)
                    .isEmpty();
        } catch (KeySourceException e) {
            return false;
        }
    }

    /** At first use, not at the start: without an API server all else must work. */
    private DefaultJWTProcessor<SecurityContext> processor() {
        if (processor == null) {
            learning.lock();
            try {
                if (processor == null) {
                    processor = processor(
                            settings.issuer().isPresent() ? settings.issuer().get() : learnIssuer());
                }
            } finally {
                learning.unlock();
            }
        }
        return processor;
    }

    private String learnIssuer() {
        if (System.nanoTime() - lastTry < MIN_INTERVAL.toNanos()) {
            throw new KubernetesUnavailableException(null);
        }
        lastTry = System.nanoTime();
        URI document = settings.jwksUri().resolve("/.well-known/openid-configuration");
        try {
            JsonNode issuer = mapper.readTree(server.get(document)).path("issuer");
            if (!issuer.isTextual() || issuer.textValue().isBlank()) {
                throw new IOException(document + " names no issuer");
            }
            LOGGER.log(Level.INFO, "ServiceAccount tokens are issued by {0}", issuer.textValue());
            return issuer.textValue();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot learn who issues ServiceAccount tokens: " + e.getMessage());
            throw new KubernetesUnavailableException(e);
        }
    }

    private DefaultJWTProcessor<SecurityContext> processor(String issuer) {
        DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
        made.setJWSKeySelector(new JWSVerificationKeySelector<>(Set.copyOf(ALGORITHMS), keys));
        made.setJWTClaimsSetVerifier(new ClaimsVerifier(issuer, settings.audience(), clock));
        return made;
    }

    private static OAuthException refused(String description) {
        return new OAuthException(OAuthError.INVALID_CLIENT, description);
    }

    /** A client may be several ServiceAccounts; what it may do can't depend on which. */
    private static Client both(Client one, Client other) {
        if (!one.scopes().equals(other.scopes())) {
            throw new IllegalArgumentException(
                    "oauth.kubernetes.service-accounts.scope: client %s has different ones".formatted(one.id()));
        }
        return one;
    }

    private final class ClusterKeys implements JWKSetSource<SecurityContext> {
        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
                throws KeySourceException {
            try {
                return JWKSet.parse(server.get(settings.jwksUri()));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Cannot get the keys of ServiceAccount tokens: " + e.getMessage());
                throw new JWKSetRetrievalException("The API server did not give its keys", e);
            } catch (ParseException e) {
                throw new JWKSetParseException("The API server's keys are no JWK Set", e);
            }
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private static final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Clock clock;

        ClaimsVerifier(String issuer, String audience, Clock clock) {
            super(audience, new JWTClaimsSet.Builder().issuer(issuer).build(), new HashSet<>(List.of("sub", "exp")));
            this.clock = clock;
            setMaxClockSkew(CLOCK_SKEW_SECONDS);
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
