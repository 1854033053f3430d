// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.change.ChangeLog;
import dev.taskplatform.task.change.EntityKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What can be done with lists, whatever the protocol. */
public final class Lists {
    /** Lists that a person may be a member of; each costs its share of every search. */
    public static final int MOST = 500;

    private static final String INBOX = "Inbox";
    private static final ProblemType INBOX_STAYS =
            ProblemType.of("inbox-stays", 409, "An inbox stays as it is, and its person's alone");

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

    /**
     * Makes a list that belongs to a person.
     *
     * @throws ProblemException 409 when the person has as many as one may have
     */
    public VisibleList create(UUID user, UUID id, String name, Instant now) {
        return transactions.inTransaction(() -> {
            requireRoom(user);
            TaskList list = new TaskList(id, name, false, 1, now, now);
            repository.add(list, user);
            changes.changed(id, EntityKind.LIST, id, now);
            return new VisibleList(list, ListRole.OWNER);
        });
    }

    /**
     * Makes sure that a person can be a member of one more list. Of many that become so at the same moment a few more may.
     *
     * @throws ProblemException 409 limit-reached
     */
    void requireRoom(UUID user) {
        if (repository.count(user) >= MOST) {
            throw limitReached("One person may have %d lists, shared ones among them.".formatted(MOST));
        }
    }

    /** A list that a person can see; 404 when there is none. */
    public VisibleList get(UUID user, UUID id) {
        return repository.find(user, id).orElseThrow(Lists::notFound);
    }

    /** As {@link ListRepository#list}. */
    public List<VisibleList> list(UUID user, Optional<UUID> after, int limit) {
        return repository.list(user, after, limit);
    }

    /**
     * Gives a list another name.
     *
     * @param versions only if it has one of these; any when empty
     * @throws ProblemException 404, 403, 409 for an inbox, or 412
     */
    public VisibleList rename(UUID user, UUID id, Optional<Set<Long>> versions, String name, Instant now) {
        return transactions.inTransaction(() -> {
            VisibleList found = change(user, id, ListRole.ADMIN, versions);
            if (found.list().name().equals(name)) {
                return found;
            }
            TaskList renamed = found.list().renamed(name, now);
            repository.update(renamed);
            changes.changed(id, EntityKind.LIST, id, now);
            return new VisibleList(renamed, found.role());
        });
    }

    /**
     * Removes a list with all that is in it. Its members see nothing of it any more when this returns; its tasks are removed
     * in the background.
     *
     * @param versions only if it has one of these; any when empty
     * @throws ProblemException 404, 403, 409 for an inbox, or 412
     */
    public void remove(UUID user, UUID id, Optional<Set<Long>> versions, Instant now) {
        transactions.inTransaction(() -> {
            change(user, id, ListRole.OWNER, versions);
            abandon(id, now);
            return id;
        });
    }

    /** Takes everybody out of a list, and has it removed. */
    void abandon(UUID id, Instant now) {
        for (Member member : repository.members(id)) {
            repository.removeMember(id, member.user(), now);
        }
        repository.removeLater(id);
    }

    /**
     * A list that is to be changed, which others do not change meanwhile.
     *
     * @param role that this needs
     * @throws ProblemException 404, 403, 409 for an inbox, or 412
     */
    VisibleList change(UUID user, UUID id, ListRole role, Optional<Set<Long>> versions) {
        repository.lock(id);
        VisibleList found = get(user, id);
        found.role().require(role);
        if (found.list().inbox()) {
            throw new ProblemException(INBOX_STAYS, "Make another list for this; an inbox is its person's alone.");
        }
        if (versions.isPresent() && !versions.get().contains(found.list().version())) {
            throw Preconditions.failed();
        }
        return found;
    }

    /** Has members see a change of the list that is not in the list itself, such as of their roles. */
    void changed(UUID list, Instant now) {
        changes.changed(list, EntityKind.LIST, list, now);
    }

    /** Has others wait who would change the list, or how its tasks are linked, until the transaction ends. */
    public void lock(UUID list) {
        repository.lock(list);
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

    static ProblemException limitReached(String detail) {
        return new ProblemException(ProblemType.LIMIT_REACHED, detail);
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such list that you may see.");
    }
}
