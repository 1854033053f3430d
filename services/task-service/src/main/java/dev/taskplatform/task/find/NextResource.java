// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.find;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.task.task.TaskView;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tasks/next}: what the caller could do now. */
public final class NextResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 50;

    private final NextTasks next;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public NextResource(NextTasks next, BearerAuthentication bearer) {
        this.next = next;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.user(SCOPE, this::next));
    }

    private void next(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        Optional<UUID> list = query.optional("listId", UuidText::of);
        int limit =
                query.optional("limit", text -> PageLimit.of(text, MAX_LIMIT)).orElse(DEFAULT_LIMIT);
        query.done();
        response.header(CacheControl.NO_STORE)
                .send(new Found(next.next(caller.userId(), list, limit).stream()
                        .map(View::of)
                        .toList()));
    }

    /** The most urgent first. */
    private record Found(List<View> items) {}

    /** @param because null, and so not in JSON, where the urgency is the task's own */
    private record View(TaskView task, double urgency, Parts parts, UUID because) {
        static View of(Suggestion suggestion) {
            Urgency urgency = suggestion.urgency();
            return new View(
                    TaskView.of(suggestion.task()),
                    rounded(urgency.sum()),
                    new Parts(
                            rounded(urgency.priority()),
                            rounded(urgency.due()),
                            rounded(urgency.progress()),
                            rounded(urgency.age())),
                    suggestion.because().orElse(null));
        }

        private static double rounded(double value) {
            return Math.round(value * 100) / 100.0;
        }
    }

    /** What the urgency is the sum of. */
    private record Parts(double priority, double due, double progress, double age) {}
}
