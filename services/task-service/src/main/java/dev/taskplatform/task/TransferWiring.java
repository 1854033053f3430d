// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.task.transfer.Export;
import dev.taskplatform.task.transfer.ExportResource;
import dev.taskplatform.task.transfer.ImportIntake;
import dev.taskplatform.task.transfer.ImportRepository;
import dev.taskplatform.task.transfer.ImportSettings;
import dev.taskplatform.task.transfer.Importer;
import dev.taskplatform.task.transfer.Imports;
import dev.taskplatform.task.transfer.ImportsResource;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;
import java.util.UUID;

/** Tasks in files. */
final class TransferWiring {
    private static final String IMPORTS = "/v1/imports";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PURGE = Duration.ofMinutes(10);

    private final Essentials essentials;
    private final ImportSettings settings;
    private final Importer importer;
    private final ImportsResource imports;
    private final ExportResource export;

    TransferWiring(Essentials essentials, TaskWiring tasks) {
        this.essentials = essentials;
        settings = ImportSettings.from(essentials.config().get("import"));
        ImportRepository repository = new ImportRepository(essentials.database(), essentials.mapper());
        importer = new Importer(
                repository,
                tasks.tasks(),
                tasks.lists(),
                tasks.json(),
                essentials.mapper(),
                essentials.database(),
                settings,
                essentials.clock());
        ImportIntake intake = new ImportIntake(
                repository, tasks.json(), essentials.mapper(), settings, essentials.ids(), essentials.clock());
        imports = new ImportsResource(
                new Imports(intake, repository, tasks.lists(), essentials.clock()),
                essentials.cursors(),
                essentials.bearer());
        export = new ExportResource(
                new Export(tasks.listRepository(), tasks.finder(), essentials.mapper(), essentials.clock()),
                essentials.bearer());
    }

    /** Forgets the imports of a person. */
    void removeAll(UUID user) {
        importer.removeAll(user);
    }

    void routes(HttpRules rules) {
        rules.register(IMPORTS, imports).register("/v1/export", export);
    }

    void supervise(ServiceServer.Builder server) {
        server.longBodies(IMPORTS, settings.maxSize())
                .closing(Repeating.start("imports", () -> PAUSE, essentials.random(), importer::run))
                .closing(Repeating.start("import-purge", () -> PURGE, essentials.random(), importer::purge));
    }
}
