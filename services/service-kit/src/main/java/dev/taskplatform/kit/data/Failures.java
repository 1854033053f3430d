// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;

/** Says what went wrong where an exception of Java or a driver does not. */
final class Failures {
    private Failures() {}

    /** A sentence without a stop. */
    static String sentence(Exception e) {
        return switch (e) {
            case AccessDeniedException denied ->
                "No permission to read or write %s; give this process's user the right to".formatted(denied.getFile());
            case NoSuchFileException missing ->
                "There is no file %s; mount what should be there".formatted(missing.getFile());
            case FileSystemException file -> "Can't use the file %s: %s".formatted(file.getFile(), reason(file));
            case FileNotFoundException missing -> "Can't open " + missing.getMessage();
            case S3Exception s3 -> s3.getMessage();
            case IOException io -> "Reading or writing failed: " + text(io);
            case SQLException sql -> "The database failed: " + text(sql);
            default -> text(e);
        };
    }

    private static String reason(FileSystemException e) {
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
