// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** What the variables of the process say about a command; see the package. */
final class Environment {
    /** A name of Kubernetes, or two of them. No part is a dot or two. */
    private static final Pattern FOLDER =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Directory for what is needed while a command runs. */
    Path workDir() {
        return Path.of(find("DATA_WORK_DIR").orElse(System.getProperty("java.io.tmpdir")));
    }

    /** The file that a platform reads the outcome from, if it is named. */
    Optional<Path> terminationLog() {
        return find("TERMINATION_LOG").map(Path::of);
    }

    Path copySource() throws RefusedException {
        return Path.of(require("COPY_SOURCE_PATH", "the SQLite file to copy"));
    }

    String prefix() throws RefusedException {
        return matching("BACKUP_PREFIX", FOLDER, "the folder of this platform's backups");
    }

    String backup() throws RefusedException {
        return matching("BACKUP_NAME", NAME, "the name of the backup");
    }

    /** How many backups are kept; 0 for all. */
    int keep() throws RefusedException {
        String value = find("BACKUP_KEEP").orElse("0");
        try {
            int keep = Integer.parseInt(value);
            if (keep >= 0) {
                return keep;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new RefusedException("BACKUP_KEEP: '%s' is no number of backups; use 0 or more".formatted(value));
    }

    String keepPrefix() {
        return find("BACKUP_KEEP_PREFIX").orElse("");
    }

    /** Where backups lie. */
    BackupStore store(Clock clock, RandomGenerator random) throws DataException {
        Optional<String> directory = find("BACKUP_DIRECTORY");
        Optional<String> endpoint = find("BACKUP_S3_ENDPOINT");
        if (directory.isPresent() == endpoint.isPresent()) {
            throw new RefusedException(
                    "Set one of BACKUP_DIRECTORY and BACKUP_S3_ENDPOINT, which say where backups are");
        }
        if (directory.isPresent()) {
            return new DirectoryStore(Path.of(directory.get()));
        }
        S3Settings settings = S3Settings.of(
                endpoint(endpoint.get()),
                find("BACKUP_S3_REGION").orElse("us-east-1"),
                matching("BACKUP_S3_BUCKET", BUCKET, "the bucket for backups"),
                find("BACKUP_S3_PREFIX").isEmpty()
                        ? ""
                        : matching("BACKUP_S3_PREFIX", FOLDER, "the folder of backups in the bucket"),
                Path.of(require("BACKUP_S3_CREDENTIALS_DIR", "the directory of the mounted Secret with the keys")),
                find("BACKUP_S3_CA_FILE").map(Path::of));
        return new S3Store(new S3Client(settings, clock, random), settings.folder(), settings.partBytes(), workDir());
    }

    private static URI endpoint(String value) throws RefusedException {
        try {
            URI uri = new URI(value);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below; the value may hold a password.
        }
        throw new RefusedException(
                "BACKUP_S3_ENDPOINT is no address of a store; use one like https://s3.eu-central-1.amazonaws.com");
    }

    private String matching(String name, Pattern pattern, String meaning) throws RefusedException {
        String value = require(name, meaning);
        if (!pattern.matcher(value).matches()) {
            throw new RefusedException(
                    "%s: '%s' can't be %s; it must match %s".formatted(name, value, meaning, pattern));
        }
        return value;
    }

    private String require(String name, String meaning) throws RefusedException {
        return find(name).orElseThrow(() -> new RefusedException("Set %s to %s".formatted(name, meaning)));
    }

    private Optional<String> find(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
