// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The backups of one service in a store: {@code PREFIX/NAME/SERVICE.db.gz}, the database, and {@code SERVICE.json} beside
 * it, its {@link Manifest}. This is written last and removed first, so a backup without it is none.
 */
final class Backups {
    private static final Logger LOGGER = System.getLogger(Backups.class.getName());

    private static final String FILE = ".db.gz";
    private static final String MANIFEST = ".json";

    /** Far more than the tables of a service need. */
    private static final int MANIFEST_BYTES = 1 << 20;

    /** A file without manifest may be of a backup that is being made; none takes so long. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final BackupStore store;
    private final String prefix;
    private final String service;

    /** @param prefix folder of all backups of one platform */
    Backups(BackupStore store, String prefix, String service) {
        this.store = store;
        this.prefix = prefix;
        this.service = service;
    }

    /** Name of a backup's database in the store. */
    String file(String backup) {
        return "%s/%s/%s%s".formatted(prefix, backup, service, FILE);
    }

    /** Name of its manifest. */
    private String manifest(String backup) {
        return "%s/%s/%s%s".formatted(prefix, backup, service, MANIFEST);
    }

    /** For people: where a backup is. */
    String place(String backup) {
        return "%s of %s".formatted(manifest(backup), store.description());
    }

    /** @throws RefusedException if there is one that this program can't read */
    Optional<Manifest> find(String backup) throws RefusedException, IOException {
        try (InputStream in = store.open(manifest(backup))) {
            Manifest found = Manifest.parse(in.readNBytes(MANIFEST_BYTES), place(backup));
            if (!found.service().equals(service)) {
                throw new RefusedException(
                        "%s is of the service '%s', and this is '%s'; run the command in the image of that service"
                                .formatted(place(backup), found.service(), service));
            }
            return Optional.of(found);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Makes a backup what its manifest says. */
    void complete(String backup, Manifest manifest) throws IOException {
        try (BackupStore.Upload upload = store.create(manifest(backup))) {
            upload.write(manifest.json());
            upload.commit();
        }
    }

    /**
     * Removes the oldest of this service's backups, and what is left of those that were not completed.
     *
     * @param count how many stay, of those whose names begin with {@code namePrefix}
     * @param made the backup that stays in any case
     * @param now when this is
     */
    void keep(int count, String namePrefix, String made, Instant now) throws IOException {
        Map<String, List<BackupStore.Stored>> files = new HashMap<>();
        for (BackupStore.Stored stored : store.list(prefix)) {
            String[] parts = stored.name().substring(prefix.length() + 1).split("/");
            if (parts.length == 2 && parts[0].startsWith(namePrefix) && isOurs(parts[1])) {
                files.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(stored);
            }
        }
        List<Dated> backups = new ArrayList<>();
        for (Map.Entry<String, List<BackupStore.Stored>> entry : files.entrySet()) {
            String name = entry.getKey();
            if (name.equals(made)) {
                continue;
            }
            if (entry.getValue().stream().noneMatch(stored -> stored.name().equals(manifest(name)))) {
                removeRemains(entry.getValue(), now);
                continue;
            }
            dated(name).ifPresent(backups::add);
        }
        backups.sort(Comparator.comparing(Dated::createdAt).reversed());
        // One of those that stay is the one just made.
        for (Dated old : backups.subList(Math.min(backups.size(), count - 1), backups.size())) {
            store.delete(manifest(old.name()));
            store.delete(file(old.name()));
            LOGGER.log(
                    Level.INFO,
                    () -> "Removed the backup %s of %s, since %d are kept"
                            .formatted(old.name(), old.createdAt(), count));
        }
    }

    private boolean isOurs(String file) {
        return file.equals(service + MANIFEST) || file.startsWith(service + FILE);
    }

    private void removeRemains(List<BackupStore.Stored> files, Instant now) throws IOException {
        for (BackupStore.Stored file : files) {
            if (file.modified().isBefore(now.minus(LONGEST))) {
                store.delete(file.name());
                LOGGER.log(Level.INFO, () -> "Removed %s, of a backup that was not completed".formatted(file.name()));
            }
        }
    }

    private Optional<Dated> dated(String name) throws IOException {
        try {
            return find(name).map(manifest -> new Dated(name, manifest.createdAt()));
        } catch (RefusedException e) {
            LOGGER.log(Level.WARNING, "Left alone when old backups were removed: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Names of complete backups of this service, at most so many, sorted. */
    List<String> names(int most) throws IOException {
        String end = "/" + service + MANIFEST;
        return store.list(prefix).stream()
                .map(BackupStore.Stored::name)
                .filter(name -> name.endsWith(end))
                .map(name -> name.substring(prefix.length() + 1, name.length() - end.length()))
                .sorted()
                .limit(most)
                .toList();
    }

    private record Dated(String name, Instant createdAt) {}
}
