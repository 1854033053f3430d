// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who is a member of a list, and what follows when somebody comes or goes. */
public final class Members {
    /** Of a list. */
    public static final int MOST = 200;

    private static final ProblemType OWNER_STAYS = ProblemType.of("owner-stays", 409, "A list belongs to somebody");

    private final Lists lists;
    private final ListRepository repository;
    private final MemberListener listener;
    private final Transactions transactions;

    /** Collaborators. */
    public Members(Lists lists, ListRepository repository, MemberListener listener, Transactions transactions) {
        this.lists = lists;
        this.repository = repository;
        this.listener = listener;
        this.transactions = transactions;
    }

    /** The members of a list that a person can see, the highest role first. */
    public List<Member> list(UUID actor, UUID list) {
        lists.require(actor, list, ListRole.READ);
        return repository.members(list);
    }

    /** Whether a person is a member. */
    boolean has(UUID list, UUID user) {
        return repository.role(user, list).isPresent();
    }

    /**
     * Makes sure that a person may say who the members of a list are.
     *
     * @throws ProblemException 404, 403, or 409 for an inbox
     */
    public void requireAdmin(UUID actor, UUID list) {
        transactions.inTransaction(() -> lists.change(actor, list, ListRole.ADMIN, Optional.empty()));
    }

    /**
     * Makes somebody a member, or gives a member another role. Who is given a list becomes its owner, and who gave it an
     * administrator.
     *
     * @throws ProblemException 404, 403, or 409 for an inbox, for too many members or lists, or for an owner who would leave
     *     the list to nobody
     */
    public Member put(UUID actor, UUID list, Member member, Instant now) {
        return transactions.inTransaction(() -> {
            VisibleList found = lists.change(actor, list, ListRole.ADMIN, Optional.empty());
            List<Member> members = repository.members(list);
            Optional<ListRole> before = roleOf(member.user(), members);
            if (before.equals(Optional.of(member.role()))) {
                return member;
            }
            requireNotOwner(before);
            if (before.isEmpty()) {
                requireRoom(members);
                lists.requireRoom(member.user());
            }
            if (member.role() == ListRole.OWNER) {
                found.role().require(ListRole.OWNER);
                repository.putMember(list, new Member(actor, ListRole.ADMIN));
            }
            repository.putMember(list, member);
            lists.changed(list, now);
            return member;
        });
    }

    /**
     * Takes somebody out. Administrators take out others, and everybody oneself, but for the owner.
     *
     * @throws ProblemException 404, 403, or 409 for an inbox or its owner
     */
    public void remove(UUID actor, UUID list, UUID user, Instant now) {
        transactions.inTransaction(() -> {
            lists.change(actor, list, actor.equals(user) ? ListRole.READ : ListRole.ADMIN, Optional.empty());
            ListRole role = repository.role(user, list).orElseThrow(Members::notFound);
            requireNotOwner(Optional.of(role));
            repository.removeMember(list, user, now);
            return user;
        });
        listener.left(list, user, now);
    }

    private static void requireNotOwner(Optional<ListRole> role) {
        if (role.equals(Optional.of(ListRole.OWNER))) {
            throw new ProblemException(
                    OWNER_STAYS, "Make somebody else the owner first; the one before becomes an administrator.");
        }
    }

    private static void requireRoom(List<Member> members) {
        if (members.size() >= MOST) {
            throw Lists.limitReached("A list may have %d members.".formatted(MOST));
        }
    }

    private static Optional<ListRole> roleOf(UUID user, List<Member> members) {
        return members.stream()
                .filter(member -> member.user().equals(user))
                .map(Member::role)
                .findFirst();
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such member of the list.");
    }
}
