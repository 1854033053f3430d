// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.TaskRow;
import dev.taskplatform.task.task.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The statement of a query: of each list of the person the first tasks, as an index has them or sorted, and of those the first.
 * So it costs what the lists of the person have, and mostly what its page has, whatever others have.
 *
 * <p>Conditions are left out rather than made optional in SQL, so that each statement has the plan that it needs.
 */
final class TaskSql {
    private static final Set<TaskStatus> OPEN = Set.of(TaskStatus.TODO, TaskStatus.IN_PROGRESS);

    private final Dialect dialect;
    private final TaskQuery query;
    private final Map<String, Object> values = new HashMap<>();
    private final List<String> conditions = new ArrayList<>();

    /** @param after the values of the keys of the last task before, or nothing for the first page */
    TaskSql(Dialect dialect, TaskQuery query, List<Object> after) {
        this.dialect = dialect;
        this.query = query;
        filter();
        if (!after.isEmpty()) {
            conditions.add(beyond(after));
        }
    }

    /** What {@link #text} wants bound, beside {@code user} and {@code limit}. */
    Map<String, Object> values() {
        return values;
    }

    String text() {
        String where = "list_id = m.list_id AND deleted_at IS NULL"
                + conditions.stream().map(condition -> " AND " + condition).collect(Collectors.joining());
        String lists =
                "list_member m WHERE m.user_id = :user" + (query.list().isPresent() ? " AND m.list_id = :list" : "");
        query.list().ifPresent(list -> values.put("list", list));
        return switch (dialect) {
            case POSTGRESQL ->
                "SELECT " + TaskRow.columns("t") + " FROM (SELECT m.list_id FROM " + lists
                        + ") m CROSS JOIN LATERAL (SELECT * FROM task c WHERE c." + where + " ORDER BY " + order("c.")
                        + " LIMIT :limit) t ORDER BY " + order("t.") + " LIMIT :limit";
            case SQLITE ->
                "SELECT " + TaskRow.columns("t") + " FROM (SELECT m.list_id FROM " + lists
                        + ") m CROSS JOIN task t ON t.number IN (SELECT c.number FROM task c WHERE c." + where
                        + " ORDER BY " + order("c.") + " LIMIT :limit) ORDER BY " + order("t.") + " LIMIT :limit";
        };
    }

    private String order(String table) {
        return query.sorts().stream()
                .map(sort -> expression(table, sort) + (sort.descending() ? " DESC" : " ASC"))
                .collect(Collectors.joining(", "));
    }

    private String expression(String table, Sort sort) {
        String column = table + sort.key().column();
        return sort.key().isOptional() ? "COALESCE(" + column + ", " + missing(sort) + ")" : column;
    }

    /** After everything in this direction. */
    private String missing(Sort sort) {
        return switch (dialect) {
            case POSTGRESQL -> sort.descending() ? "'-infinity'" : "'infinity'";
            case SQLITE -> sort.descending() ? "-9223372036854775807" : "9223372036854775807";
        };
    }

    private void filter() {
        if (query.statuses().equals(OPEN)) {
            // As the indexes of what is still to be done say it.
            conditions.add("c.status <> 'done'");
        } else {
            oneOf("status", query.statuses().stream().map(TaskStatus::text).toList());
        }
        oneOf("priority", query.priorities().stream().map(Priority::ordinal).toList());
        int number = 0;
        for (String label : query.labels()) {
            String name = value("label" + number++, label);
            conditions.add("EXISTS (SELECT 1 FROM task_label l WHERE l.task_id = c.id AND l.label = " + name + ")");
        }
        query.assignee()
                .ifPresent(user ->
                        conditions.add("EXISTS (SELECT 1 FROM task_assignee a WHERE a.task_id = c.id AND a.user_id = "
                                + value("assignee", user) + ")"));
        query.parent()
                .ifPresent(parent -> conditions.add(
                        parent.equals(TaskQuery.NO_PARENT)
                                ? "c.parent_id IS NULL"
                                : "c.parent_id = " + value("parent", parent)));
        query.dueFrom()
                .ifPresent(
                        time -> conditions.add(due() + " >= " + value("dueFrom", time) + " AND c.due_at IS NOT NULL"));
        query.dueBefore().ifPresent(time -> conditions.add(due() + " < " + value("dueBefore", time)));
        if (!query.words().isEmpty()) {
            conditions.add(matching());
        }
    }

    /** As the index has it; what is not due is later than any time. */
    private String due() {
        return expression("c.", new Sort(SortKey.DUE, false));
    }

    private void oneOf(String column, List<?> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>();
        for (Object one : wanted) {
            names.add(value(column + names.size(), one));
        }
        conditions.add(
                names.size() == 1
                        ? "c." + column + " = " + names.getFirst()
                        : "c." + column + " IN (" + String.join(", ", names) + ")");
    }

    /** Whole words: of what only begins with them, an index gathers all that there is of everybody. */
    private String matching() {
        return switch (dialect) {
            case POSTGRESQL ->
                "c.words @@ (CAST('list' || replace(CAST(m.list_id AS text), '-', '') AS tsquery) && CAST("
                        + value("words", query.words().stream().collect(Collectors.joining("' & '", "'", "'")))
                        + " AS tsquery))";
            case SQLITE ->
                "c.number IN (SELECT rowid FROM task_text WHERE task_text MATCH 'list : ' ||"
                        + " replace(m.list_id, '-', '') || "
                        + value(
                                "words",
                                query.words().stream()
                                        .map(word -> " AND {title description} : \"" + word + "\"")
                                        .collect(Collectors.joining()))
                        + ")";
        };
    }

    /** Only what comes after a task in the order. */
    private String beyond(List<Object> after) {
        List<Sort> sorts = query.sorts();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < sorts.size(); i++) {
            names.add(after.get(i) == null ? missing(sorts.get(i)) : value("after" + i, after.get(i)));
        }
        boolean sameDirection = sorts.stream().map(Sort::descending).distinct().count() == 1;
        if (sameDirection) {
            // A range of an index that has these keys.
            return sorts.stream().map(sort -> expression("c.", sort)).collect(Collectors.joining(", ", "(", ")"))
                    + (sorts.getFirst().descending() ? " < (" : " > (") + String.join(", ", names) + ")";
        }
        List<String> alternatives = new ArrayList<>();
        for (int i = 0; i < sorts.size(); i++) {
            StringBuilder alternative = new StringBuilder();
            for (int j = 0; j < i; j++) {
                alternative
                        .append(expression("c.", sorts.get(j)))
                        .append(" = ")
                        .append(names.get(j))
                        .append(" AND ");
            }
            alternatives.add(alternative
                    + expression("c.", sorts.get(i))
                    + (sorts.get(i).descending() ? " < " : " > ")
                    + names.get(i));
        }
        return "(" + String.join(" OR ", alternatives) + ")";
    }

    private String value(String name, Object value) {
        values.put(name, value);
        String bound = ":" + name;
        // PostgreSQL must know the types of what is compared as a row.
        return dialect == Dialect.POSTGRESQL ? "CAST(%s AS %s)".formatted(bound, type(value)) : bound;
    }

    private static String type(Object value) {
        return switch (value) {
            case UUID id -> "uuid";
            case Instant time -> "timestamptz";
            case Integer number -> "smallint";
            default -> "text";
        };
    }
}
