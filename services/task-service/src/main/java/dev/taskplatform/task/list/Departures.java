// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Transactions;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What becomes of the lists of a person whose account is deleted. */
public final class Departures {
    private final Lists lists;
    private final ListRepository repository;
    private final Transactions transactions;

    /** Collaborators. */
    public Departures(Lists lists, ListRepository repository, Transactions transactions) {
        this.lists = lists;
        this.repository = repository;
        this.transactions = transactions;
    }

    /**
     * Takes a person out of all lists. A list of theirs that others share goes to who has the highest role in it, and of two
     * with the same to who has been in it longer; one that nobody shares is removed in the background.
     */
    public void leaveAll(UUID user, Instant now) {
        for (List<UUID> joined = repository.joined(user, 1); !joined.isEmpty(); joined = repository.joined(user, 1)) {
            UUID list = joined.getFirst();
            transactions.inTransaction(() -> {
                leave(list, user, now);
                return list;
            });
        }
    }

    private void leave(UUID list, UUID user, Instant now) {
        repository.lock(list);
        List<Member> members = repository.members(list);
        if (members.stream().noneMatch(member -> member.user().equals(user))) {
            // Somebody else was quicker.
            return;
        }
        List<UUID> others = members.stream()
                .map(Member::user)
                .filter(member -> !member.equals(user))
                .toList();
        if (others.isEmpty()) {
            lists.abandon(list, now);
            return;
        }
        repository.removeMember(list, user, now);
        if (members.contains(new Member(user, ListRole.OWNER))) {
            repository.putMember(list, new Member(others.getFirst(), ListRole.OWNER));
            lists.changed(list, now);
        }
    }
}
