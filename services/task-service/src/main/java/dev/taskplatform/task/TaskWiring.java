// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.task.list.DatabaseListRepository;
import dev.taskplatform.task.list.ListRepository;
import dev.taskplatform.task.list.Lists;
import dev.taskplatform.task.task.AssigneesAreMembers;
import dev.taskplatform.task.task.DatabaseTaskRepository;
import dev.taskplatform.task.task.OwnerTasks;
import dev.taskplatform.task.task.TaskJson;
import dev.taskplatform.task.task.TaskRepository;
import dev.taskplatform.task.task.Tasks;
import dev.taskplatform.task.task.TasksResource;
import io.helidon.webserver.http.HttpRules;
import java.util.List;

/** Lists and their tasks. */
final class TaskWiring {
    private final Tasks tasks;
    private final OwnerTasks ownerTasks;
    private final TasksResource resource;

    TaskWiring(Essentials essentials) {
        ListRepository lists = new DatabaseListRepository(essentials.database(), essentials.positions());
        TaskRepository repository = new DatabaseTaskRepository(essentials.database(), essentials.mapper());
        tasks = new Tasks(
                repository,
                new Lists(lists, essentials.database(), essentials.changes()),
                List.of(new AssigneesAreMembers(lists)),
                List.of(),
                essentials.changes(),
                essentials.database(),
                essentials.ids(),
                essentials.clock());
        ownerTasks = new OwnerTasks(repository, lists);
        resource = new TasksResource(
                tasks,
                new TaskJson(essentials.mapper()),
                essentials.cursors(),
                essentials.bearer(),
                essentials.idempotency(),
                essentials.json());
    }

    Tasks tasks() {
        return tasks;
    }

    OwnerTasks ownerTasks() {
        return ownerTasks;
    }

    void routes(HttpRules rules) {
        rules.register("/v1/tasks", resource);
    }
}
