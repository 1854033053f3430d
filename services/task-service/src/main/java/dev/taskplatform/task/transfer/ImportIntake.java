// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.transfer.FileItem.BadItem;
import dev.taskplatform.task.transfer.FileItem.ListItem;
import dev.taskplatform.task.transfer.FileItem.TaskItem;
import dev.taskplatform.task.transfer.ImportRow.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Takes files in: each item becomes a row in the database as it comes, so that no file is ever in memory. */
public final class ImportIntake {
    /** Of one person, that are not final. */
    private static final int MOST_OPEN = 2;

    /** Files that come at the same time, in one replica; each holds up to an item in memory, and a thread. */
    private static final int MOST_RECEIVED = 4;

    private static final int MOST_LISTS = 500;
    private static final int AT_ONCE = 500;
    private static final Duration LONGEST_UPLOAD = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final ProblemType MALFORMED_FILE =
            ProblemType.of("malformed-file", 400, "The file is not written in its format");
    private static final ProblemType TOO_MANY_ITEMS =
            ProblemType.of("too-many-items", 413, "The file has too many items");
    private static final ProblemType TOO_SLOW = ProblemType.of("upload-too-slow", 408, "The file came too slowly");

    private final ImportRepository repository;
    private final TaskJson taskJson;
    private final ObjectMapper mapper;
    private final ImportSettings settings;
    private final UuidGenerator ids;
    private final Clock clock;
    private final Semaphore places = new Semaphore(MOST_RECEIVED);

    /** Collaborators. */
    public ImportIntake(
            ImportRepository repository,
            TaskJson taskJson,
            ObjectMapper mapper,
            ImportSettings settings,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.taskJson = taskJson;
        this.mapper = mapper;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Takes in a file; when this returns all of it is kept, and its import begins.
     *
     * @param list where all tasks go; empty for the lists that the file names
     * @return the id of the import
     * @throws ProblemException 400, 408, 409, 413 or 503; then nothing of it is left
     */
    UUID receive(UUID user, FileFormat format, Optional<UUID> list, InputStream file) throws IOException {
        if (!places.tryAcquire()) {
            throw ProblemException.unavailable("Several other files are coming in. Try again later.", SOON, null);
        }
        try {
            UUID id = ids.next();
            if (!repository.begin(id, user, format, MOST_OPEN, clock.instant())) {
                throw new ProblemException(
                        ProblemType.LIMIT_REACHED,
                        "You have %d imports that are not done yet. Wait, or cancel one.".formatted(MOST_OPEN));
            }
            boolean complete = false;
            try {
                new Receiving(id, user, list).run(format, new BoundedReader(file));
                complete = true;
            } finally {
                if (!complete) {
                    repository.cancel(user, id, clock.instant());
                }
            }
            return id;
        } finally {
            places.release();
        }
    }

    /** One file. */
    private final class Receiving {
        private final UUID id;
        private final UUID user;
        private final Optional<UUID> target;
        private final Instant end = clock.instant().plus(LONGEST_UPLOAD);
        private final Map<String, UUID> lists = new HashMap<>();
        private final List<ImportRow> rows = new ArrayList<>();
        private final List<ImportError> errors = new ArrayList<>();
        private long number;
        private long seq;
        private long refused;

        Receiving(UUID id, UUID user, Optional<UUID> target) {
            this.id = id;
            this.user = user;
            this.target = target;
        }

        void run(FileFormat format, BoundedReader file) throws IOException {
            try {
                ItemReader items = reader(format, file);
                for (Optional<FileItem> item = items.next(); item.isPresent(); item = items.next()) {
                    take(item.get());
                    if (rows.size() == AT_ONCE) {
                        flush();
                    }
                }
            } catch (MalformedFileException | CharacterCodingException | BoundedReader.ItemTooLongException e) {
                String reason = e instanceof CharacterCodingException ? "The file is not valid UTF-8." : e.getMessage();
                throw new ProblemException(
                        MALFORMED_FILE,
                        "%s %d items before it were well, and nothing was imported. Correct the file and send it again."
                                .formatted(reason, number - refused));
            }
            flush();
            repository.received(id, number, errors, refused, clock.instant());
        }

        private ItemReader reader(FileFormat format, BoundedReader file) throws MalformedFileException, IOException {
            FileTaskParser tasks = new FileTaskParser(taskJson);
            return switch (format) {
                case JSON -> new JsonItemReader(file, mapper, tasks);
                case CSV -> new CsvItemReader(file, mapper, tasks);
                case ICALENDAR -> new CalendarItemReader(file, mapper, tasks);
            };
        }

        private void take(FileItem item) {
            switch (item) {
                case ListItem list -> take(list);
                case TaskItem task -> {
                    count();
                    rows.add(row(task));
                }
                case BadItem bad -> {
                    count();
                    refused++;
                    if (errors.size() < Import.MAX_ERRORS) {
                        errors.add(new ImportError(number, bad.reason()));
                    }
                }
            }
        }

        private void take(ListItem list) {
            if (target.isPresent() || lists.containsKey(list.ref())) {
                return;
            }
            if (lists.size() == MOST_LISTS) {
                throw new ProblemException(
                        TOO_MANY_ITEMS, "The file has more than %d lists. Divide it.".formatted(MOST_LISTS));
            }
            UUID entity = list.inbox() ? user : ids.next();
            lists.put(list.ref(), entity);
            if (!list.inbox()) {
                rows.add(new ImportRow(
                        ++seq, number + 1, Optional.of(list.ref()), entity, Kind.LIST, false, list.name()));
            }
        }

        private void count() {
            number++;
            if (number > settings.maxItems()) {
                throw new ProblemException(
                        TOO_MANY_ITEMS, "A file may have %d tasks. Divide it.".formatted(settings.maxItems()));
            }
        }

        private ImportRow row(TaskItem task) {
            UUID list = target.or(() -> task.list().map(lists::get)).orElse(null);
            StagedTask staged = new StagedTask(
                    list,
                    taskJson.json(task.fields()),
                    task.parent().orElse(null),
                    task.blockedBy(),
                    task.position().orElse(null),
                    task.completedAt().orElse(null),
                    task.createdAt().orElse(null));
            boolean linked = task.parent().isPresent() || !task.blockedBy().isEmpty();
            return new ImportRow(++seq, number, task.ref(), ids.next(), Kind.TASK, linked, json(staged));
        }

        private String json(StagedTask staged) {
            try {
                return mapper.writeValueAsString(staged);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("What was read from JSON is JSON", e);
            }
        }

        private void flush() {
            if (clock.instant().isAfter(end)) {
                throw new ProblemException(
                        TOO_SLOW, "The file took longer than %s. Send a shorter one.".formatted(LONGEST_UPLOAD));
            }
            repository.stage(id, rows, number, clock.instant());
            rows.clear();
        }
    }
}
