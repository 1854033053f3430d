// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** What can be done with lists, whatever the protocol. */
public final class Lists {
    private static final String INBOX = "Inbox";

    private final ListRepository repository;
    private final Transactions transactions;
    private final ChangeLog changes;

    /** Collaborators. */
    public Lists(ListRepository repository, Transactions transactions, ChangeLog changes) {
        this.repository = repository;
        this.transactions = transactions;
        this.changes = changes;
    }

    /** The list of a person's tasks that name none, made if it is not there yet. */
    public UUID inbox(UUID user, Instant now) {
        if (repository.role(user, user).isEmpty()) {
            transactions.inTransaction(() -> {
                if (repository.add(new TaskList(user, INBOX, true, 1, now, now), user)) {
                    changes.changed(user, EntityKind.LIST, user, now);
                }
                return user;
            });
        }
        return user;
    }

    /** Makes a list that belongs to a person. */
    public void create(UUID user, UUID id, String name, Instant now) {
        transactions.inTransaction(() -> {
            repository.add(new TaskList(id, name, false, 1, now, now), user);
            changes.changed(id, EntityKind.LIST, id, now);
            return id;
        });
    }

    /** Those of the persons who are members of a list. */
    public Set<UUID> members(UUID list, Collection<UUID> users) {
        return repository.members(list, users);
    }

    /**
     * Makes sure that a person may do what a role may with a list.
     *
     * @throws ProblemException 404 for who is no member, 403 for a member with a lower role
     */
    public void require(UUID user, UUID list, ListRole role) {
        repository.role(user, list).orElseThrow(Lists::notFound).require(role);
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such list that you may see.");
    }
}
