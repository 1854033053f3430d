// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.task.list.TaskList;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes all that a person can see into a file, however much it is, with a few hundred tasks in memory at a time. */
public final class Export {
    private static final int AT_ONCE = 500;

    private final ExportRepository repository;
    private final ObjectMapper mapper;
    private final Clock clock;

    /** Collaborators. */
    public Export(ExportRepository repository, ObjectMapper mapper, Clock clock) {
        this.repository = repository;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** The lists that would be written: all, or the one that is asked for if the person can see it. */
    List<TaskList> lists(UUID user, Optional<UUID> only) {
        List<TaskList> lists = repository.lists(user);
        return only.map(id ->
                        lists.stream().filter(list -> list.id().equals(id)).toList())
                .orElse(lists);
    }

    /** Writes the tasks of lists; what changes meanwhile may be in the file as it was or as it is. */
    void write(UUID user, List<TaskList> lists, FileFormat format, OutputStream out) throws IOException {
        try (ItemWriter file = writer(format, out)) {
            for (TaskList list : lists) {
                file.list(list);
                List<Task> part = repository.tasks(user, list.id(), Optional.empty(), AT_ONCE);
                while (!part.isEmpty()) {
                    for (Task task : part) {
                        file.task(TaskView.of(task));
                    }
                    part = part.size() < AT_ONCE
                            ? List.of()
                            : repository.tasks(
                                    user, list.id(), Optional.of(part.getLast().id()), AT_ONCE);
                }
            }
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
