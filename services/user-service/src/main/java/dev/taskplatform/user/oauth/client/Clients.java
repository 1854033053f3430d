// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Registration of clients by administrators. */
public final class Clients {
    /** For how long a secret is accepted after its successor was made, unless an administrator says otherwise. */
    public static final Duration DEFAULT_OVERLAP = Duration.ofDays(1);

    private static final Duration MAX_OVERLAP = Duration.ofDays(30);
    /** No UUID: a client must not have the subject of a person in its tokens (RFC 9068, section 5). */
    private static final Pattern ID = Pattern.compile("(?![0-9A-Fa-f-]{36}$)[A-Za-z0-9][A-Za-z0-9._-]{2,63}");

    private static final String GENERATED = "client-";

    private final ClientRepository repository;
    private final Predicate<String> reserved;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Secrets secrets;
    private final UuidGenerator ids;
    private final Clock clock;

    /**
     * Collaborators.
     *
     * @param reserved tells ids that belong to clients which are not registered
     */
    public Clients(
            ClientRepository repository,
            Predicate<String> reserved,
            Transactions transactions,
            AuditLog audit,
            Secrets secrets,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.reserved = reserved;
        this.transactions = transactions;
        this.audit = audit;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
    }

    /** The parser of a chosen id. */
    public static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new InvalidValueException(
                    "A client id has 3 to 64 letters, digits and characters . _ -, begins with a letter or digit, and is no UUID.");
        }
        return text;
    }

    /** The parser of an overlap. */
    public static Duration overlap(String text) {
        try {
            Duration overlap = Duration.parse(text);
            if (!overlap.isNegative() && overlap.compareTo(MAX_OVERLAP) <= 0) {
                return overlap;
            }
        } catch (DateTimeParseException e) {
            throw new InvalidValueException("An overlap is a duration of ISO 8601, as in PT24H.");
        }
        throw new InvalidValueException("An overlap is PT0S to " + MAX_OVERLAP + ".");
    }

    /**
     * Registers a client.
     *
     * @param id chosen by the administrator; empty makes one
     * @return empty if the id is taken
     * @throws ProblemException 400 naming what is wrong with the draft
     */
    public Optional<ClientWithSecret> register(Optional<String> id, ClientDraft draft, Actor actor) {
        check(draft);
        Instant now = now();
        Client client = client(id.orElseGet(() -> GENERATED + ids.next()), draft, 1, now, now);
        if (reserved.test(client.id())) {
            return Optional.empty();
        }
        return transactions.inTransaction(() -> {
            if (!repository.add(client)) {
                return Optional.empty();
            }
            Optional<String> secret =
                    client.type() == ClientType.CONFIDENTIAL ? Optional.of(secrets.next()) : Optional.empty();
            secret.ifPresent(text -> addSecret(client, text, now));
            record("client.created", client, actor);
            return Optional.of(new ClientWithSecret(client, secret));
        });
    }

    /** The registered client with this id. */
    public Optional<Client> find(String id) {
        return repository.find(id);
    }

    /** Registered clients by id; see {@link ClientRepository#list}. */
    public List<Client> list(Optional<String> after, int limit) {
        return repository.list(after, limit);
    }

    /**
     * Changes a client.
     *
     * @param versions the versions that may be changed; empty means any
     * @param change makes the draft of what it is to be out of what it is; the type stays
     * @return empty if there is no such client
     * @throws ProblemException 400 naming what is wrong with the draft
     * @throws StaleVersionException if it has none of the versions
     */
    public Optional<Client> change(
            String id, Optional<Set<Long>> versions, Function<Client, ClientDraft> change, Actor actor) {
        return transactions.inTransaction(() -> repository.find(id).map(old -> {
            requireVersion(old, versions);
            ClientDraft draft = change.apply(old);
            check(draft);
            Client changed = client(id, draft, old.version() + 1, old.createdAt(), now());
            update(old, changed);
            record("client.updated", changed, actor);
            return changed;
        }));
    }

    /**
     * Removes a client. Its sessions go on until they would end.
     *
     * @return false if there is no such client
     * @throws StaleVersionException if it has none of the versions
     */
    public boolean remove(String id, Optional<Set<Long>> versions, Actor actor) {
        return transactions.inTransaction(() -> repository
                .find(id)
                .map(client -> {
                    requireVersion(client, versions);
                    if (!repository.remove(id, client.version())) {
                        throw new StaleVersionException();
                    }
                    record("client.deleted", client, actor);
                    return true;
                })
                .orElse(false));
    }

    /**
     * Makes a new secret. The one before is accepted for the overlap; those before that one end at once, so that there
     * are never more than two.
     *
     * @param overlap zero ends the one before at once
     * @return empty if there is no such client
     * @throws ProblemException 400 if the client is public
     * @throws StaleVersionException if it has none of the versions
     */
    public Optional<ClientWithSecret> rotateSecret(
            String id, Optional<Set<Long>> versions, Duration overlap, Actor actor) {
        return changeSecrets(id, versions, actor, (client, now) -> {
            List<ClientSecret> before = repository.secrets(id);
            if (!before.isEmpty()) {
                repository.endOtherSecrets(id, before.getFirst(), now);
            }
            String secret = secrets.next();
            ClientSecret newest = addSecret(client, secret, now);
            repository.endOtherSecrets(id, newest, now.plus(overlap).truncatedTo(ChronoUnit.MICROS));
            repository.removeSecretsEndedBy(id, now);
            return Optional.of(secret);
        });
    }

    /**
     * Ends the secret before the newest at once, when all who use the client have the new one.
     *
     * @return empty if there is no such client
     * @throws ProblemException 400 if the client is public
     * @throws StaleVersionException if it has none of the versions
     */
    public Optional<Client> endPreviousSecret(String id, Optional<Set<Long>> versions, Actor actor) {
        return changeSecrets(id, versions, actor, (client, now) -> {
                    repository.endOtherSecrets(id, repository.secrets(id).getFirst(), now);
                    repository.removeSecretsEndedBy(id, now);
                    return Optional.empty();
                })
                .map(ClientWithSecret::client);
    }

    /** When the secret before the newest ends, if there is one. */
    public Optional<Instant> previousSecretEnds(String id) {
        return repository.secrets(id).stream()
                .skip(1)
                .flatMap(secret -> secret.expiresAt().stream())
                .filter(end -> end.isAfter(clock.instant()))
                .findFirst();
    }

    private Optional<ClientWithSecret> changeSecrets(
            String id, Optional<Set<Long>> versions, Actor actor, SecretChange change) {
        return transactions.inTransaction(() -> repository.find(id).map(old -> {
            requireVersion(old, versions);
            if (old.type() == ClientType.PUBLIC) {
                throw ProblemException.invalidField(
                        FieldError.parameter("id", "A public client has no secret: it could not keep it."));
            }
            Instant now = now();
            Client changed = new Client(
                    old.id(),
                    old.name(),
                    old.type(),
                    old.redirectUris(),
                    old.grantTypes(),
                    old.scopes(),
                    old.firstParty(),
                    old.idTokenAlgorithm(),
                    old.version() + 1,
                    old.createdAt(),
                    now);
            // First, so that of two administrators at once one has to look again.
            update(old, changed);
            Optional<String> secret = change.apply(changed, now);
            record("client.secret-rotated", changed, actor);
            return new ClientWithSecret(changed, secret);
        }));
    }

    private void update(Client old, Client changed) {
        if (!repository.update(changed, old.version())) {
            throw new StaleVersionException();
        }
    }

    private static void requireVersion(Client client, Optional<Set<Long>> versions) {
        if (versions.filter(allowed -> !allowed.contains(client.version())).isPresent()) {
            throw new StaleVersionException();
        }
    }

    private static void check(ClientDraft draft) {
        List<FieldError> errors = draft.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
    }

    private ClientSecret addSecret(Client client, String text, Instant now) {
        ClientSecret secret = new ClientSecret(ids.next(), Secrets.hash(text), now, Optional.empty());
        repository.addSecret(client.id(), secret);
        return secret;
    }

    private void record(String kind, Client client, Actor actor) {
        audit.record(new AuditEntry(kind, null, actor, Map.of("client", client.id(), "name", client.name())));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static Client client(String id, ClientDraft draft, long version, Instant createdAt, Instant now) {
        return new Client(
                id,
                draft.name(),
                draft.type(),
                draft.parsedRedirectUris(),
                draft.grantTypes(),
                draft.scopes(),
                draft.firstParty(),
                draft.idTokenAlgorithm(),
                version,
                createdAt,
                now);
    }

    private interface SecretChange {
        Optional<String> apply(Client client, Instant now);
    }
}
