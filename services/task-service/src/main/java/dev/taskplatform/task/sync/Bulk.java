// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.task.Creation;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.task.Tasks;
import dev.taskplatform.task.trash.Trash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many operations on tasks in a request, each as it would be by itself. */
public final class Bulk {
    /** Operations in a request. */
    static final int MOST = 100;

    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,17})\"");
    private static final ProblemType FAILED = ProblemType.of("bulk-failed", 409, "One of the operations failed");

    private final Tasks tasks;
    private final Trash trash;
    private final TaskJson json;
    private final Transactions transactions;

    /** Collaborators. */
    public Bulk(Tasks tasks, Trash trash, TaskJson json, Transactions transactions) {
        this.tasks = tasks;
        this.trash = trash;
        this.json = json;
        this.transactions = transactions;
    }

    /**
     * Does operations in their order.
     *
     * @return what became of each
     * @throws ProblemException 409 when all or none were to be done, and one failed; then none was
     */
    List<BulkResult> run(UUID user, BulkMode mode, List<ObjectNode> operations) {
        return switch (mode) {
            case INDEPENDENT ->
                operations.stream().map(operation -> alone(user, operation)).toList();
            case ATOMIC -> transactions.inTransaction(() -> together(user, operations));
        };
    }

    private BulkResult alone(UUID user, ObjectNode operation) {
        try {
            return run(user, operation);
        } catch (ProblemException e) {
            if (e.type().statusCode() >= 500) {
                throw e;
            }
            return BulkResult.refused(e);
        }
    }

    private List<BulkResult> together(UUID user, List<ObjectNode> operations) {
        List<BulkResult> results = new ArrayList<>();
        for (ObjectNode operation : operations) {
            try {
                results.add(run(user, operation));
            } catch (ProblemException e) {
                if (e.type().statusCode() >= 500) {
                    throw e;
                }
                throw failed(results.size(), e);
            }
        }
        return results;
    }

    private static ProblemException failed(int index, ProblemException cause) {
        StringBuilder detail = new StringBuilder(
                "/operations/" + index + " would be answered " + cause.type().statusCode() + ": " + cause.getMessage());
        for (FieldError error : cause.errors()) {
            detail.append(' ').append(error.pointer()).append(": ").append(error.detail());
        }
        return new ProblemException(FAILED, detail + " Nothing was done.");
    }

    private BulkResult run(UUID user, ObjectNode operation) {
        JsonFields body = new JsonFields(operation);
        Method method = body.required("method", Method::of);
        Optional<UUID> id = body.optional("id", UuidText::of);
        Optional<Set<Long>> versions = body.optional("ifMatch", Bulk::versions);
        Optional<ObjectNode> task = body.optionalObject("task");
        body.done();
        if (method == Method.CREATE) {
            return create(user, given("task", task));
        }
        UUID known = given("id", id);
        if (method == Method.DELETE) {
            trash.put(user, known, versions);
            return BulkResult.gone();
        }
        ObjectNode patch = given("task", task);
        return BulkResult.of(200, tasks.change(user, known, versions, fields -> json.patched(fields, patch)));
    }

    private BulkResult create(UUID user, ObjectNode members) {
        JsonFields body = new JsonFields(members);
        Creation creation = json.creation(body);
        body.done();
        Tasks.Created made = tasks.create(user, creation);
        return BulkResult.of(made.isNew() ? 201 : 200, made.task());
    }

    private static <T> T given(String name, Optional<T> value) {
        return value.orElseThrow(() -> ProblemException.invalidField(FieldError.missing(name)));
    }

    private static Set<Long> versions(String tag) {
        Matcher matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            throw new InvalidValueException("This must be the ETag of the task, with its quotes.");
        }
        return Set.of(Long.parseLong(matcher.group(1)));
    }

    private enum Method implements Choice {
        CREATE,
        CHANGE,
        DELETE;

        static Method of(String text) {
            return Choice.of(Method.class, "A method", text);
        }
    }
}
