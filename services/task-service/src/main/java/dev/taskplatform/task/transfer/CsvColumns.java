// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** How the members of a task are columns. */
final class CsvColumns {
    static final List<String> ALL = List.of(
            "id",
            "list",
            "title",
            "description",
            "status",
            "priority",
            "due",
            "start",
            "labels",
            "assignees",
            "parentId",
            "blockedBy",
            "recurrence",
            "reminders",
            "position",
            "completedAt",
            "createdAt");

    /** Those with several values: a line of CSV each. */
    static final List<String> MULTIPLE = List.of("labels", "assignees", "blockedBy", "reminders");

    /** What a spreadsheet takes for a formula. */
    private static final String DANGEROUS = "=+-@\t\r";

    private CsvColumns() {}

    /** A cell that no spreadsheet runs (OWASP, CSV injection): an apostrophe goes before what could be a formula. */
    static String guarded(String text) {
        return !text.isEmpty() && (isDangerous(text.charAt(0)) || isGuarded(text)) ? "'" + text : text;
    }

    /** What {@link #guarded} was given. */
    static String unguarded(String cell) {
        return isGuarded(cell) ? cell.substring(1) : cell;
    }

    static String join(List<?> values) {
        return CSVFormat.RFC4180.format(values.toArray());
    }

    static List<String> split(String cell) throws IOException {
        try (CSVParser parser = CSVFormat.RFC4180
                .builder()
                .setIgnoreSurroundingSpaces(true)
                .get()
                .parse(new StringReader(cell))) {
            return parser.stream()
                    .flatMap(CSVRecord::stream)
                    .filter(value -> !value.isEmpty())
                    .collect(Collectors.toList());
        }
    }

    private static boolean isGuarded(String cell) {
        String rest = cell.replaceFirst("^'+", "");
        return cell.startsWith("'") && !rest.isEmpty() && isDangerous(rest.charAt(0));
    }

    private static boolean isDangerous(char first) {
        return DANGEROUS.indexOf(first) >= 0;
    }
}
