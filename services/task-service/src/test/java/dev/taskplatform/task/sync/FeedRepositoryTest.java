// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.task.change.EntityKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which a member of lists meets changes, beside a model that sorts them all. */
@OnEveryDatabase
class FeedRepositoryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int LISTS = 6;
    /** Few, so that many things are at the same. */
    private static final int POSITIONS = 12;

    private static final long HORIZON = 1_000;
    private static final Comparator<ChangeRow> ORDER = Comparator.comparingLong(ChangeRow::position)
            .thenComparingLong(ChangeRow::changed)
            .thenComparing(row -> row.id().toString());

    private final DatabaseUnderTest underTest;
    private Database database;
    private FeedRepository feed;

    FeedRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        feed = new FeedRepository(database, Json.mapper());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void givesEachThingOnceInOrderWhateverAPageHas(long seed) {
        Random random = new Random(seed);
        UUID user = new UUID(random.nextLong(), random.nextLong());
        List<ChangeRow> model = database.write(handle -> fill(handle, random, user));
        model.sort(ORDER);

        for (int limit : List.of(1, 2, 3, 7, 1_000)) {
            List<ChangeRow> read = new ArrayList<>();
            FeedToken place = FeedToken.start(NOW);
            List<ChangeRow> page = feed.after(user, place, HORIZON, limit);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                read.addAll(page);
                // As a client brings it back.
                place = FeedToken.of(FeedToken.after(page.getLast(), NOW).bytes());
                page = feed.after(user, place, HORIZON, limit);
            }
            assertThat(read).as("pages of %d", limit).containsExactlyElementsOf(model);
        }
    }

    /** What changes while somebody reads comes once more, where it stands then, and nothing else is missed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void missesNothingOfWhatChangesBetweenPages(long seed) {
        Random random = new Random(-seed);
        UUID user = new UUID(random.nextLong(), random.nextLong());
        List<ChangeRow> model = database.write(handle -> fill(handle, random, user));
        Map<UUID, Long> latest = new HashMap<>();
        model.forEach(row -> latest.put(row.id(), row.position()));

        Map<UUID, Long> read = new HashMap<>();
        FeedToken place = FeedToken.start(NOW);
        long next = POSITIONS;
        List<ChangeRow> page = feed.after(user, place, HORIZON, 3);
        while (!page.isEmpty()) {
            page.forEach(row -> read.put(row.id(), row.position()));
            place = FeedToken.after(page.getLast(), NOW);
            if (next < POSITIONS + 20) {
                ChangeRow row = model.get(random.nextInt(model.size()));
                if (!row.removed()) {
                    long position = next++;
                    database.write(handle -> handle.execute(
                            "UPDATE change SET position = ? WHERE list_id = ? AND entity_id = ?",
                            position,
                            row.list(),
                            row.id()));
                    latest.put(row.id(), Math.max(position, row.position()));
                }
            }
            page = feed.after(user, place, HORIZON, 3);
        }
        assertThat(read.keySet()).isEqualTo(latest.keySet());
        assertThat(read).isEqualTo(latest);
    }

    @Test
    void forgetsInPiecesWhatWasRemovedLongAgo() {
        UUID list = UUID.randomUUID();
        database.write(handle -> {
            for (int i = 0; i < 25; i++) {
                change(handle, list, new UUID(9, i), i, i < 15, NOW.plusSeconds(i));
                departure(handle, new UUID(8, i), list, i, NOW.plusSeconds(i));
            }
            return null;
        });
        Instant before = NOW.plusSeconds(12);

        assertThat(feed.purge(before, 10)).isTrue();
        assertThat(feed.purge(before, 10)).isFalse();
        assertThat(feed.purge(before, 10)).isFalse();
        // What is there stays however old, and what was removed at that time or later.
        assertThat(ids("entity_id", "change", list))
                .doesNotContain(new UUID(9, 0), new UUID(9, 11))
                .hasSize(13);
        assertThat(ids("user_id", "list_departure", list))
                .contains(new UUID(8, 12))
                .hasSize(13);
    }

    private Set<UUID> ids(String column, String table, UUID list) {
        return database.read(
                handle -> handle.createQuery("SELECT %s FROM %s WHERE list_id = :list".formatted(column, table))
                        .bind("list", list)
                        .mapTo(UUID.class)
                        .set());
    }

    /** Lists of the person, of others, and that were the person's; what the person is to read of them. */
    private static List<ChangeRow> fill(Handle handle, Random random, UUID user) {
        List<ChangeRow> model = new ArrayList<>();
        Set<UUID> used = new HashSet<>();
        for (int i = 0; i < LISTS; i++) {
            UUID list = id(random, used);
            handle.execute(
                    "INSERT INTO list (id, name, inbox, version, created_at, updated_at) VALUES (?, 'n', ?, 1, ?, ?)",
                    list,
                    false,
                    NOW,
                    NOW);
            long joined = random.nextInt(POSITIONS);
            boolean isMember = i < 2 || random.nextBoolean();
            if (isMember) {
                handle.execute(
                        "INSERT INTO list_member (user_id, list_id, role, position) VALUES (?, ?, 'read', ?)",
                        user,
                        list,
                        joined);
            } else if (random.nextBoolean()) {
                departure(handle, user, list, joined, NOW);
                model.add(new ChangeRow(joined, joined, list, EntityKind.LIST, list, true));
            }
            for (int j = random.nextInt(12) + 1; j > 0; j--) {
                UUID id = id(random, used);
                long position = random.nextInt(POSITIONS);
                change(handle, list, id, position, random.nextBoolean(), NOW);
                if (isMember) {
                    model.add(new ChangeRow(Math.max(position, joined), position, list, EntityKind.TASK, id, false));
                }
            }
        }
        return model;
    }

    /** High and low bits set, as ids are compared as bytes. */
    private static UUID id(Random random, Set<UUID> used) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        assertThat(used.add(id)).isTrue();
        return id;
    }

    private static void change(Handle handle, UUID list, UUID id, long position, boolean removed, Instant at) {
        handle.execute(
                "INSERT INTO change (list_id, kind, entity_id, position, removed, changed_at)"
                        + " VALUES (?, 'task', ?, ?, ?, ?)",
                list,
                id,
                position,
                removed,
                at);
    }

    private static void departure(Handle handle, UUID user, UUID list, long position, Instant at) {
        handle.execute(
                "INSERT INTO list_departure (user_id, list_id, position, left_at) VALUES (?, ?, ?, ?)",
                user,
                list,
                position,
                at);
    }
}
