// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;
import java.util.Optional;

/** How a file of tasks is written. */
public enum FileFormat implements Choice {
    /** Everything, list by list; what the import makes of it differs only in ids. */
    JSON("application/json", "json"),
    /** RFC 4180, a task in a line. */
    CSV("text/csv", "csv"),
    /** VTODO of RFC 5545. */
    ICALENDAR("text/calendar", "ics");

    private final String mediaType;
    private final String extension;

    FileFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** Without parameters. */
    public String mediaType() {
        return mediaType;
    }

    /** Of names of files, without the dot. */
    public String extension() {
        return extension;
    }

    /** @throws InvalidValueException when it is none */
    public static FileFormat of(String text) {
        return Choice.of(FileFormat.class, "A format", text);
    }

    /** The format with this media type. */
    public static Optional<FileFormat> ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equalsIgnoreCase(mediaType))
                .findFirst();
    }
}
