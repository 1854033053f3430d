// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.EntityKind;
import dev.taskplatform.task.comment.CommentRepository;
import dev.taskplatform.task.list.ListRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What changed since a client read last, of all that its person can see, each thing once and as it is now. Whoever reads from
 * the start gets everything; whoever goes on from a token misses nothing, not even what transactions bring that began before
 * the token was made and end after it.
 */
public final class ChangeFeed {
    private static final int REMOVED_AT_ONCE = 500;
    private static final ProblemType TOKEN_EXPIRED =
            ProblemType.of("sync-token-expired", 410, "The token is too old to go on from");

    private final FeedRepository repository;
    private final ListRepository lists;
    private final CommentRepository comments;
    private final Supplier<Duration> retention;
    private final Clock clock;

    /** @param retention how long it is told that something was removed */
    public ChangeFeed(
            FeedRepository repository,
            ListRepository lists,
            CommentRepository comments,
            Supplier<Duration> retention,
            Clock clock) {
        this.repository = repository;
        this.lists = lists;
        this.comments = comments;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * The next part.
     *
     * @param since empty at the start
     * @throws ProblemException 410 when the client would miss what was removed, or has seen what is not there any more
     */
    FeedPage read(UUID user, Optional<FeedToken> since, int limit) {
        Instant now = clock.instant();
        if (since.isPresent() && since.get().issuedAt().isBefore(now.minus(retention.get()))) {
            throw new ProblemException(
                    TOKEN_EXPIRED,
                    "What was removed since then is not known any more. Forget what you have, and read from the start.");
        }
        FeedToken place = since.orElseGet(() -> FeedToken.start(now));
        // Before all else is read: what is read later is there at least up to here.
        long horizon = repository.horizon();
        if (since.isPresent() && place.position() >= horizon) {
            throw new ProblemException(
                    TOKEN_EXPIRED,
                    "The service has gone back to an older state, as after a restore. Forget what you have, and read from"
                            + " the start.");
        }
        List<ChangeRow> rows = repository.after(user, place, horizon, limit + 1);
        boolean more = rows.size() > limit;
        List<ChangeRow> page = more ? rows.subList(0, limit) : rows;
        FeedToken next = page.isEmpty() ? place.at(now) : FeedToken.after(page.getLast(), now);
        return new FeedPage(items(user, page, since.isEmpty()), next, more);
    }

    /** Forgets what is told no longer. */
    public void purge() {
        // A token may be as old as the retention, and what was removed just before it was made a little older.
        Instant before = clock.instant().minus(retention.get()).minus(Duration.ofHours(1));
        boolean more;
        do {
            more = repository.purge(before, REMOVED_AT_ONCE);
        } while (more && !Thread.currentThread().isInterrupted());
    }

    private List<Item> items(UUID user, List<ChangeRow> rows, boolean isStart) {
        Map<UUID, Item> there = new HashMap<>();
        repository.tasks(user, ids(rows, EntityKind.TASK)).forEach(task -> there.put(task.id(), Item.of(task)));
        comments.visible(user, ids(rows, EntityKind.COMMENT))
                .forEach(comment -> there.put(comment.id(), Item.of(comment)));
        Set<Item> items = new LinkedHashSet<>();
        for (ChangeRow row : rows) {
            Optional<Item> item = row.kind() == EntityKind.LIST && !row.removed()
                    ? lists.find(user, row.id()).map(Item::of)
                    : Optional.ofNullable(there.get(row.id()));
            // Whoever has nothing yet has nothing to forget.
            item.or(() -> isStart ? Optional.empty() : Optional.of(Item.removed(row.kind(), row.id())))
                    .ifPresent(items::add);
        }
        return List.copyOf(items);
    }

    private static List<UUID> ids(List<ChangeRow> rows, EntityKind kind) {
        return rows.stream()
                .filter(row -> row.kind() == kind)
                .map(ChangeRow::id)
                .distinct()
                .toList();
    }
}
