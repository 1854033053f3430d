// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.task.find.TaskFinder;
import dev.taskplatform.task.list.ListRepository;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.list.VisibleList;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes all that a person can see into a file, however much it is, with a few hundred tasks in memory at a time. */
public final class Export {
    private final ListRepository lists;
    private final TaskFinder finder;
    private final ObjectMapper mapper;
    private final Clock clock;

    /** Collaborators. */
    public Export(ListRepository lists, TaskFinder finder, ObjectMapper mapper, Clock clock) {
        this.lists = lists;
        this.finder = finder;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** The lists that would be written: all, or the one that is asked for if the person can see it. */
    List<TaskList> lists(UUID user, Optional<UUID> only) {
        return lists.list(user, Optional.empty(), Lists.MOST).stream()
                .map(VisibleList::list)
                .filter(list -> only.isEmpty() || only.get().equals(list.id()))
                .toList();
    }

    /** Writes the tasks of lists; what changes meanwhile may be in the file as it was or as it is. */
    void write(UUID user, List<TaskList> lists, FileFormat format, OutputStream out) throws IOException {
        try (ItemWriter file = writer(format, out)) {
            for (TaskList list : lists) {
                file.list(list);
                finder.forEach(user, Optional.of(list.id()), task -> write(TaskView.of(task), file));
            }
        }
    }

    private static void write(TaskView task, ItemWriter file) {
        try {
            file.task(task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ItemWriter writer(FileFormat format, OutputStream out) throws IOException {
        return switch (format) {
            case JSON -> new JsonItemWriter(out, mapper, clock.instant());
            case CSV -> new CsvItemWriter(out, mapper);
            case ICALENDAR -> new CalendarItemWriter(out, clock.instant());
        };
    }
}
