// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.list.ListRole;
import dev.taskplatform.task.list.Lists;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The imports of people, as they begin, follow and end them. */
public final class Imports {
    private final ImportIntake intake;
    private final ImportRepository repository;
    private final Lists lists;
    private final Clock clock;

    /** Collaborators. */
    public Imports(ImportIntake intake, ImportRepository repository, Lists lists, Clock clock) {
        this.intake = intake;
        this.repository = repository;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Takes in a file.
     *
     * @param list where all tasks go; empty for the lists that the file names, and the inbox
     * @throws ProblemException as {@link ImportIntake#receive}, and 404 or 403 when the person may not write into the list
     */
    Import receive(UUID user, FileFormat format, Optional<UUID> list, InputStream file) throws IOException {
        list.ifPresent(id -> lists.require(user, id, ListRole.WRITE));
        return get(user, intake.receive(user, format, list, file));
    }

    /** An import; 404 when the person has none with this id. */
    Import get(UUID user, UUID id) {
        return repository.find(user, id).orElseThrow(Imports::notFound);
    }

    /** As {@link ImportRepository#list}. */
    List<Import> list(UUID user, Optional<UUID> before, int limit) {
        return repository.list(user, before, limit);
    }

    /** Ends an import; what it made until then stays. One that is final stays as it is. */
    void cancel(UUID user, UUID id) {
        if (!repository.cancel(user, id, clock.instant())) {
            get(user, id);
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such import of yours.");
    }
}
