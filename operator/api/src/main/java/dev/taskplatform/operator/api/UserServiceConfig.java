// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Settings of the user service. The running pods read most of them again when they change; the others restart the pods. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[[" + UserServiceConfig.IDLE + ", " + UserServiceConfig.SESSION + "].map(d, " + Patterns.SECONDS
                + ")].all(seconds, seconds[0] <= seconds[1])",
        message = "config.refreshIdleLifetime (absent means " + UserServiceConfig.DEFAULT_IDLE
                + ") is more than config.sessionLifetime (absent means " + UserServiceConfig.DEFAULT_SESSION
                + "): lower the one or raise the other")
@ValidationRule(
        value = "!has(self.hashingMemoryMib) || " + UserServiceConfig.HASH_KIB + " <= self.hashingMemoryMib * 1024",
        message = "config.hashingMemoryMib is less than the memory of one hash, config.argon2.memoryKib (absent means "
                + UserServiceConfig.DEFAULT_HASH_KIB + "): raise the one or lower the other")
public record UserServiceConfig(
        @JsonPropertyDescription("How much is logged, default INFO." + UserServiceConfig.LIVE)
        LogLevel logLevel,

        @JsonPropertyDescription(
                "Who may make an account. open (default): everyone. invite: who has an administrator's invitation. closed: nobody but administrators."
                        + UserServiceConfig.LIVE)
        RegistrationMode registrationMode,

        @JsonPropertyDescription(
                "How long an access token is valid, an ISO 8601 duration of PT24H at most, default PT15M. Tokens that exist keep theirs."
                        + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 1 && s <= 86400)",
                message = "must be a duration as ISO 8601 writes it, of PT1S to PT24H, such as PT15M")
        String accessTokenLifetime,

        @JsonPropertyDescription("How long an ID token of OpenID Connect is valid, an ISO 8601 duration, default PT15M."
                + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 1 && s <= 86400)",
                message = "must be a duration as ISO 8601 writes it, of PT1S to PT24H, such as PT15M")
        String idTokenLifetime,

        @JsonPropertyDescription("How long a session may go unused before it ends, an ISO 8601 duration, default "
                + UserServiceConfig.DEFAULT_IDLE + "." + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 60 && s <= 316224000)",
                message = "must be a duration as ISO 8601 writes it, of PT1M to P3660D, such as P14D")
        String refreshIdleLifetime,

        @JsonPropertyDescription(
                "When a session ends, however much it is used, an ISO 8601 duration from the sign-in, default "
                        + UserServiceConfig.DEFAULT_SESSION + "." + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 60 && s <= 316224000)",
                message = "must be a duration as ISO 8601 writes it, of PT1M to P3660D, such as P90D")
        String sessionLifetime,

        @JsonPropertyDescription(
                "For how long a refresh token that was used still answers the same successor, for clients that lost the answer, an ISO 8601 duration, default PT10S. A use after it ends the session."
                        + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 0 && s <= 300)",
                message = "must be a duration as ISO 8601 writes it, of PT0S to PT5M, such as PT10S")
        String refreshGrace,

        @JsonPropertyDescription(
                "Time between two keys that sign tokens, an ISO 8601 duration, default P30D. The old key stays published while tokens of it live."
                        + UserServiceConfig.LIVE)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 3600 && s <= 31536000)",
                message = "must be a duration as ISO 8601 writes it, of PT1H to P365D, such as P30D")
        String keyRotationPeriod,

        @JsonPropertyDescription("Least number of characters of a new password, default 8." + UserServiceConfig.LIVE)
        @Min(1) @Max(128) Integer passwordMinLength,

        @JsonPropertyDescription(
                "Cost of hashing a password. A hash of another cost is replaced when its owner signs in."
                        + UserServiceConfig.LIVE)
        Argon2 argon2,

        @JsonPropertyDescription(
                "Memory in MiB that all hashes together may take at a time, default a quarter of resources.limits.memory. Sign-ins beyond it wait, many are turned away."
                        + UserServiceConfig.RESTARTS)
        @Min(8) @Max(65536) Integer hashingMemoryMib,

        @JsonPropertyDescription("How long the audit log is kept, an ISO 8601 duration of P1D or more, default P365D."
                + UserServiceConfig.RESTARTS)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 86400)",
                message = "must be a duration as ISO 8601 writes it, of P1D or more, such as P365D")
        String auditRetention,

        @JsonPropertyDescription(
                "How long events are kept for the services that follow them, an ISO 8601 duration, default P30D. One that was away for longer begins anew."
                        + UserServiceConfig.RESTARTS)
        @Size(max = 24) @ValidationRule(
                value = Patterns.DURATION + ".all(s, s >= 1)",
                message = "must be a duration as ISO 8601 writes it, of PT1S or more, such as P30D")
        String eventRetention,

        @JsonPropertyDescription("When sign-ins are refused because too many have failed, counted over all pods."
                + UserServiceConfig.LIVE)
        Throttle throttle,

        @JsonPropertyDescription(
                "How many requests one address may make to a pod, where no access token is needed: sign-in, registration, OAuth."
                        + UserServiceConfig.LIVE)
        Rate rate,

        @JsonPropertyDescription(
                "Networks (CIDR) of the proxies whose X-Forwarded-For is believed when a client's address is counted; absent: none."
                        + UserServiceConfig.RESTARTS)
        @Size(max = 32) List<@Size(max = 49) @Pattern(Patterns.CIDR) String> trustedProxies) {

    static final String LIVE = " A change reaches the running pods within about a minute.";
    static final String RESTARTS = " A change restarts the pods.";

    /** The service's defaults, which the rules need for what is left out. */
    static final String DEFAULT_IDLE = "P14D";

    static final String DEFAULT_SESSION = "P90D";
    static final String DEFAULT_HASH_KIB = "19456";

    static final String IDLE = "(has(self.refreshIdleLifetime) ? self.refreshIdleLifetime : '" + DEFAULT_IDLE + "')";
    static final String SESSION = "(has(self.sessionLifetime) ? self.sessionLifetime : '" + DEFAULT_SESSION + "')";
    static final String HASH_KIB =
            "(has(self.argon2) && has(self.argon2.memoryKib) ? self.argon2.memoryKib : " + DEFAULT_HASH_KIB + ")";

    /** Who may make an account. */
    public enum RegistrationMode {
        @JsonProperty("open")
        OPEN,
        @JsonProperty("invite")
        INVITE,
        @JsonProperty("closed")
        CLOSED
    }

    /** Cost of Argon2id (RFC 9106). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Argon2(
            @JsonPropertyDescription("Memory of one hash in KiB, default " + DEFAULT_HASH_KIB + ".")
            @Min(7168) @Max(1048576) Integer memoryKib,

            @JsonPropertyDescription("Passes over the memory, default 2.") @Min(1) @Max(64) Integer iterations,

            @JsonPropertyDescription("Lanes, default 1.") @Min(1) @Max(16) Integer parallelism) {}

    /** When sign-ins are refused because too many have failed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Throttle(
            @JsonPropertyDescription("Failures at one account, from any address.")
            Account account,

            @JsonPropertyDescription("Failures from one address, at any account.")
            Address address) {}

    /** Failures at one account. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Account(
            @JsonPropertyDescription(
                    "Failures within the window that lock the account, default 10. 0: it is never locked.")
            @Min(0) @Max(100) Integer failures,

            @JsonPropertyDescription("For how long a failure counts, an ISO 8601 duration, default PT15M.")
            @Size(max = 24) @ValidationRule(
                    value = Patterns.DURATION + ".all(s, s >= 1 && s <= 86400)",
                    message = "must be a duration as ISO 8601 writes it, of PT1S to P1D, such as PT15M")
            String window,

            @JsonPropertyDescription(
                    "For how long the account is locked the first time, an ISO 8601 duration, default PT15M. Each further lock is twice as long, up to eight times.")
            @Size(max = 24) @ValidationRule(
                    value = Patterns.DURATION + ".all(s, s >= 1 && s <= 86400)",
                    message = "must be a duration as ISO 8601 writes it, of PT1S to P1D, such as PT15M")
            String lock) {}

    /** Failures from one address. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Address(
            @JsonPropertyDescription(
                    "Failures within the window that lock the address for a window, default 100. 0: it is never locked.")
            @Min(0) @Max(1000000) Integer failures,

            @JsonPropertyDescription("For how long a failure counts, an ISO 8601 duration, default PT15M.")
            @Size(max = 24) @ValidationRule(
                    value = Patterns.DURATION + ".all(s, s >= 1 && s <= 86400)",
                    message = "must be a duration as ISO 8601 writes it, of PT1S to P1D, such as PT15M")
            String window) {}

    /** How many requests one address may make. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "(has(self.burst) ? self.burst : 200)"
                    + " <= 600 * (has(self.requestsPerSecond) ? [1, self.requestsPerSecond].max() : 100)",
            message = "rate.burst (absent means 200) is more than 600 times rate.requestsPerSecond (absent means 100):"
                    + " lower the one or raise the other")
    public record Rate(
            @JsonPropertyDescription("Requests in a second in the long run, default 100. 0: no limit.")
            @Min(0) @Max(1000000) Integer requestsPerSecond,

            @JsonPropertyDescription("Requests at once after a rest, default 200.") @Min(1) @Max(600000000) Integer burst) {}
}
