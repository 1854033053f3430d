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
    private final Lists lists;
    private final TaskJson json;
    private final Tasks tasks;
    private final OwnerTasks ownerTasks;
    private final TasksResource resource;

    TaskWiring(Essentials essentials) {
        ListRepository listRepository = new DatabaseListRepository(essentials.database(), essentials.positions());
        TaskRepository repository = new DatabaseTaskRepository(essentials.database(), essentials.mapper());
        lists = new Lists(listRepository, essentials.database(), essentials.changes());
        json = new TaskJson(essentials.mapper());
        tasks = new Tasks(
                repository,
                lists,
                List.of(new AssigneesAreMembers(listRepository)),
                List.of(),
                essentials.changes(),
                essentials.database(),
                essentials.ids(),
                essentials.clock());
        ownerTasks = new OwnerTasks(repository, listRepository);
        resource = new TasksResource(
                tasks, json, essentials.cursors(), essentials.bearer(), essentials.idempotency(), essentials.json());
    }

    Lists lists() {
        return lists;
    }

    TaskJson json() {
        return json;
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
