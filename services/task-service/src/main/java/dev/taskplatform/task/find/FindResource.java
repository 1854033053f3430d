// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.task.cursor.SharedCursors;
import dev.taskplatform.task.task.CalendarTime;
import dev.taskplatform.task.task.Priority;
import dev.taskplatform.task.task.TaskStatus;
import dev.taskplatform.task.task.TaskText;
import dev.taskplatform.task.task.TaskView;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code GET /v1/tasks}: the tasks that the caller can see. */
public final class FindResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final int MOST_VALUES = 10;

    private final TaskFinder finder;
    private final TaskCursor cursors;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public FindResource(TaskFinder finder, SharedCursors cursors, BearerAuthentication bearer, ObjectMapper mapper) {
        this.finder = finder;
        this.cursors = new TaskCursor(cursors, mapper);
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.user(SCOPE, this::find));
    }

    private void find(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID user = caller.userId();
        QueryParameters parameters = new QueryParameters(request.query());
        TaskQuery query = query(user, parameters);
        int limit = parameters
                .optional("limit", text -> PageLimit.of(text, MAX_LIMIT))
                .orElse(DEFAULT_LIMIT);
        List<Object> after = parameters
                .optional("cursor", text -> cursors.values(user, query, text))
                .orElse(List.of());
        parameters.done();
        // One more than asked for tells whether there is a next page.
        Page<TaskView> page = Page.of(
                finder.find(user, query, after, limit + 1),
                limit,
                TaskView::of,
                last -> cursors.after(user, query, last));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private static TaskQuery query(UUID user, QueryParameters parameters) {
        return new TaskQuery(
                parameters.optional("listId", UuidText::of),
                parameters.repeated("status", MOST_VALUES, TaskStatus::of),
                parameters.repeated("priority", MOST_VALUES, Priority::of),
                parameters.repeated("label", MOST_VALUES, TaskText::label),
                parameters.optional("assignee", text -> text.equals("me") ? user : UuidText.of(text)),
                parameters.optional("parentId", text -> text.equals("none") ? TaskQuery.NO_PARENT : UuidText.of(text)),
                parameters.optional("dueFrom", FindResource::time),
                parameters.optional("dueBefore", FindResource::time),
                parameters.optional("q", Words::of).orElse(List.of()),
                parameters.optional("sort", Sort::of).orElse(Sort.by(SortKey.CREATED, false)));
    }

    private static Instant time(String text) {
        return CalendarTime.of(text).sortKey();
    }
}
