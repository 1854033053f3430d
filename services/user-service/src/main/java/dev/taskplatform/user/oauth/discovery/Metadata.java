// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.discovery;

import dev.taskplatform.user.oauth.authorize.Pkce;
import dev.taskplatform.user.oauth.claims.PersonClaims;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.client.IdTokenAlgorithm;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The members of both documents. Nothing is in them that is not so. */
public final class Metadata {
    private final String issuer;
    private final List<String> assertionAlgorithms;

    /**
     * @param issuer exactly as in tokens; the endpoints are below it
     * @param assertionAlgorithms that clients may sign assertions with; none if there are no such clients
     */
    public Metadata(String issuer, List<String> assertionAlgorithms) {
        this.issuer = issuer;
        this.assertionAlgorithms = List.copyOf(assertionAlgorithms);
    }

    /** Of the authorization server (RFC 8414, section 2; RFC 9207, section 3). */
    Map<String, Object> ofAuthorizationServer() {
        boolean workloads = !assertionAlgorithms.isEmpty();
        List<String> withSecret = List.of("client_secret_basic", "client_secret_post");
        List<String> authentication = Stream.concat(
                        withSecret.stream(), workloads ? Stream.of("private_key_jwt") : Stream.empty())
                .toList();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("issuer", issuer);
        members.put("authorization_endpoint", endpoint("/oauth2/authorize"));
        members.put("token_endpoint", endpoint("/oauth2/token"));
        members.put("jwks_uri", endpoint("/.well-known/jwks.json"));
        members.put("revocation_endpoint", endpoint("/oauth2/revoke"));
        members.put("introspection_endpoint", endpoint("/oauth2/introspect"));
        members.put(
                "scopes_supported",
                Stream.concat(Scope.OF_PERSONS.stream(), Scope.OF_CLIENTS.stream())
                        .toList());
        members.put("response_types_supported", List.of("code"));
        members.put("response_modes_supported", List.of("query"));
        members.put(
                "grant_types_supported",
                Arrays.stream(GrantType.values())
                        .filter(grant -> workloads || grant != GrantType.JWT_BEARER)
                        .map(GrantType::text)
                        .toList());
        members.put("code_challenge_methods_supported", List.of(Pkce.METHOD));
        List<String> alsoPublic =
                Stream.concat(authentication.stream(), Stream.of("none")).toList();
        members.put("token_endpoint_auth_methods_supported", alsoPublic);
        members.put("revocation_endpoint_auth_methods_supported", alsoPublic);
        members.put("introspection_endpoint_auth_methods_supported", authentication);
        if (workloads) {
            members.put("token_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
            members.put("revocation_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
            members.put("introspection_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
        }
        members.put("authorization_response_iss_parameter_supported", true);
        return members;
    }

    /** Of the OpenID provider (OpenID Connect Discovery, section 3). */
    Map<String, Object> ofOpenIdProvider() {
        Map<String, Object> members = ofAuthorizationServer();
        members.put("userinfo_endpoint", endpoint("/oauth2/userinfo"));
        members.put("subject_types_supported", List.of("public"));
        members.put(
                "id_token_signing_alg_values_supported",
                Arrays.stream(IdTokenAlgorithm.values())
                        .map(IdTokenAlgorithm::text)
                        .toList());
        members.put("claim_types_supported", List.of("normal"));
        members.put(
                "claims_supported",
                Stream.concat(
                                PersonClaims.NAMES.stream(),
                                Stream.of("iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "sid", "at_hash"))
                        .toList());
        members.put("prompt_values_supported", List.of("none", "login", "consent", "select_account"));
        members.put("claims_parameter_supported", false);
        members.put("request_parameter_supported", false);
        members.put("request_uri_parameter_supported", false);
        return members;
    }

    private String endpoint(String path) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + path;
    }
}
