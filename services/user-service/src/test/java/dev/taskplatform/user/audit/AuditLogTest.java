// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.http.TimedId;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.statement.StatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every database must do for the audit log. */
@OnEveryDatabase
class AuditLogTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final DatabaseUnderTest underTest;
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private Database database;
    private AuditLog log;
    private AuditRepository repository;

    AuditLogTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        EmptyAuditLog.of(database);
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        log = new DatabaseAuditLog(database, new UuidGenerator(clock, new SecureRandom()), clock, Json.mapper());
        repository = new DatabaseAuditRepository(database, Json.mapper());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsAllOfAnEntry() {
        AuditEntry entry = new AuditEntry(
                "account.disabled",
                ann,
                new Actor(bob, "taskplatform", "192.0.2.1", "request-1"),
                Map.of("reason", "naïve 🙂"));
        log.record(entry);

        List<RecordedEntry> found = repository.list(AuditFilter.ALL, Optional.empty(), 10);

        assertThat(found).extracting(RecordedEntry::entry).containsExactly(entry);
        assertThat(found.getFirst().occurredAt()).isEqualTo(NOON);
    }

    @Test
    void knowsWhatTheServiceDidByItself() {
        AuditEntry entry = new AuditEntry("key.rotated", null, Actor.SYSTEM);
        log.record(entry);

        assertThat(repository.list(AuditFilter.ALL, Optional.empty(), 10))
                .extracting(RecordedEntry::entry)
                .containsExactly(entry);
    }

    @Test
    void listsTheNewestFirstInPages() {
        for (int i = 0; i < 7; i++) {
            // Some at the same moment, and one when the clock went back.
            now.set(NOON.plusSeconds(i == 6 ? -1 : i / 3));
            record("kind-" + i, ann, bob);
        }
        List<String> kinds = new ArrayList<>();
        Optional<TimedId> before = Optional.empty();
        List<RecordedEntry> page;
        do {
            page = repository.list(AuditFilter.ALL, before, 2);
            page.forEach(found -> kinds.add(found.entry().kind()));
            before = page.isEmpty() ? before : Optional.of(page.getLast().position());
        } while (!page.isEmpty());

        assertThat(kinds).containsExactly("kind-5", "kind-4", "kind-3", "kind-2", "kind-1", "kind-0", "kind-6");
    }

    @Test
    void filters() {
        record("one", ann, ann);
        now.set(NOON.plusSeconds(1));
        record("two", ann, bob);
        now.set(NOON.plusSeconds(2));
        record("one", bob, bob);
        now.set(NOON.plusSeconds(3));
        record("three", null, null);

        assertThat(kinds(filter(ann, null, null, null, null))).containsExactly("two", "one");
        assertThat(kinds(filter(null, bob, null, null, null))).containsExactly("one", "two");
        assertThat(kinds(filter(ann, bob, null, null, null))).containsExactly("two");
        assertThat(kinds(filter(ann, null, "one", null, null))).containsExactly("one");
        assertThat(kinds(filter(null, null, "none", null, null))).isEmpty();
        assertThat(kinds(filter(null, null, null, NOON.plusSeconds(2), null))).containsExactly("three", "one");
        assertThat(kinds(filter(null, null, null, null, NOON.plusSeconds(2)))).containsExactly("two", "one");
        assertThat(kinds(filter(ann, null, null, NOON.plusSeconds(1), NOON.plusSeconds(2))))
                .containsExactly("two");
        assertThat(kinds(AuditFilter.ALL)).hasSize(4);
    }

    @Test
    void goesAwayWithAChangeThatComesToNothing() {
        assertThatThrownBy(() -> database.inTransaction(() -> {
                    record("undone", ann, ann);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(kinds(AuditFilter.ALL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_entry SET kind = 'other'",
                "UPDATE audit_entry SET details = '{}', user_id = NULL",
                "DELETE FROM audit_entry",
                "TRUNCATE audit_entry",
                "INSERT OR REPLACE INTO audit_entry SELECT id, 0, 'other', user_id, actor_user_id, actor_client_id,"
                        + " address, request_id, details FROM audit_entry"
            })
    void isNeverChangedByWhomever(String sql) {
        record("kept", ann, bob);

        boolean understood =
                underTest.kind() == Kind.EMBEDDED ? !sql.startsWith("TRUNCATE") : !sql.contains("OR REPLACE");
        assertThatThrownBy(() -> database.write(handle -> handle.execute(sql)))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining(understood ? "audit entries are" : "syntax error");

        assertThat(kinds(AuditFilter.ALL)).containsExactly("kept");
    }

    @Test
    void losesOnlyWhatIsOlderThanTheRetention() {
        record("old", ann, ann);
        now.set(NOON.plusSeconds(1));
        record("young", ann, ann);

        repository.purge(NOON.plusSeconds(1));

        assertThat(kinds(AuditFilter.ALL)).containsExactly("young");
        repository.purge(NOON);
        assertThat(kinds(AuditFilter.ALL)).containsExactly("young");
    }

    private void record(String kind, UUID user, UUID actor) {
        log.record(new AuditEntry(kind, user, new Actor(actor, null, "192.0.2.1", "request-1")));
    }

    private List<String> kinds(AuditFilter filter) {
        return repository.list(filter, Optional.empty(), 10).stream()
                .map(found -> found.entry().kind())
                .toList();
    }

    private static AuditFilter filter(UUID user, UUID actor, String kind, Instant from, Instant to) {
        return new AuditFilter(
                Optional.ofNullable(user),
                Optional.ofNullable(actor),
                Optional.ofNullable(kind),
                Optional.ofNullable(from),
                Optional.ofNullable(to));
    }
}
