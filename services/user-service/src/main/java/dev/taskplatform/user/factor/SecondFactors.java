// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.session.SecondFactor;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Enrols, asks for and takes away second factors.
 *
 * <p>Who asks for one shows that it works before it counts, so that nobody locks themselves out. A code counts once: the
 * time step of the last one is kept, and no code of that or an earlier step is taken again (RFC 6238, section 5.2).
 */
public final class SecondFactors implements SecondFactor {
    private static final int RECOVERY_CODES = 10;

    private final FactorRepository repository;
    private final Sealer sealer;
    private final String issuer;
    private final Transactions transactions;
    private final AuditLog audit;
    private final UuidGenerator ids;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * Collaborators.
     *
     * @param issuer heads the entries in people's authenticators
     */
    public SecondFactors(
            FactorRepository repository,
            Sealer sealer,
            String issuer,
            Transactions transactions,
            AuditLog audit,
            UuidGenerator ids,
            SecureRandom random,
            Clock clock) {
        this.repository = repository;
        this.sealer = sealer;
        this.issuer = issuer;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public boolean isEnabled(UUID userId) {
        return repository.find(userId).flatMap(Factor::enabledAt).isPresent();
    }

    @Override
    public boolean accept(UUID userId, String code, Actor actor) {
        Optional<RecoveryCode> recovery = RecoveryCode.parse(code);
        return recovery.isPresent()
                ? useRecoveryCode(userId, recovery.get(), actor)
                : repository
                        .find(userId)
                        .filter(factor -> factor.enabledAt().isPresent())
                        .filter(factor -> useCode(factor, code))
                        .isPresent();
    }

    /** The person's second factor, enabled or not yet. */
    Optional<Factor> find(UUID userId) {
        return repository.find(userId);
    }

    /** How many recovery codes are left. */
    int recoveryCodes(UUID userId) {
        return repository.recoveryCodes(userId);
    }

    /**
     * Makes a secret for an authenticator, in the place of one that was never shown to work.
     *
     * @return empty if the person has a second factor
     */
    Optional<Enrolment> enrol(Account account) {
        TotpSecret secret = TotpSecret.random(random);
        UUID id = ids.next();
        Factor factor = new Factor(
                account.id(),
                id,
                sealer.seal(context(id), secret.bytes()),
                now(),
                Optional.empty(),
                OptionalLong.empty());
        return repository.propose(factor)
                ? Optional.of(new Enrolment(
                        secret.text(), secret.uri(issuer, account.username().value())))
                : Optional.empty();
    }

    /**
     * Enables a second factor whose code the person shows.
     *
     * @param proposed from {@link #find}
     * @return recovery codes, to be shown once; empty if the code is wrong
     */
    Optional<List<String>> enable(Factor proposed, String code, Actor actor) {
        Instant now = now();
        OptionalLong step = secret(proposed).match(digits(code), now);
        if (step.isEmpty()) {
            return Optional.empty();
        }
        List<RecoveryCode> recovery = newRecoveryCodes();
        boolean enabled = transactions.inTransaction(() -> {
            if (!repository.enable(proposed, proposed.enabled(now, step.getAsLong()))) {
                return false;
            }
            repository.replaceRecoveryCodes(proposed.userId(), hashes(recovery));
            audit.record(new AuditEntry("second-factor.enabled", proposed.userId(), actor));
            return true;
        });
        return enabled ? Optional.of(texts(recovery)) : Optional.empty();
    }

    /**
     * Takes the second factor away, or what was to become one.
     *
     * @return false if there is none
     */
    boolean disable(UUID userId, Actor actor) {
        return transactions.inTransaction(() -> {
            boolean removed = repository.remove(userId);
            if (removed) {
                audit.record(new AuditEntry("second-factor.disabled", userId, actor));
            }
            return removed;
        });
    }

    /**
     * Puts new recovery codes in the place of those that there are.
     *
     * @return to be shown once
     */
    List<String> replaceRecoveryCodes(UUID userId, Actor actor) {
        List<RecoveryCode> recovery = newRecoveryCodes();
        return transactions.inTransaction(() -> {
            repository.replaceRecoveryCodes(userId, hashes(recovery));
            audit.record(new AuditEntry("recovery-codes.replaced", userId, actor));
            return texts(recovery);
        });
    }

    private boolean useCode(Factor factor, String code) {
        OptionalLong step = secret(factor).match(digits(code), now());
        return step.isPresent() && repository.useStep(factor, step.getAsLong());
    }

    private boolean useRecoveryCode(UUID userId, RecoveryCode code, Actor actor) {
        return transactions.inTransaction(() -> {
            boolean used = repository.useRecoveryCode(userId, code.hash());
            if (used) {
                audit.record(new AuditEntry(
                        "recovery-code.used",
                        userId,
                        actor,
                        Map.of("left", Integer.toString(repository.recoveryCodes(userId)))));
            }
            return used;
        });
    }

    private List<RecoveryCode> newRecoveryCodes() {
        return Stream.generate(() -> RecoveryCode.random(random))
                .limit(RECOVERY_CODES)
                .toList();
    }

    private TotpSecret secret(Factor factor) {
        return new TotpSecret(sealer.open(context(factor.id()), factor.sealedSecret()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Authenticators show codes in groups, and people type them so. */
    private static String digits(String code) {
        return code.replaceAll("\\s", "");
    }

    private static List<byte[]> hashes(List<RecoveryCode> codes) {
        return codes.stream().map(RecoveryCode::hash).toList();
    }

    private static List<String> texts(List<RecoveryCode> codes) {
        return codes.stream().map(RecoveryCode::text).toList();
    }

    private static String context(UUID factorId) {
        return "totp:" + factorId;
    }
}
