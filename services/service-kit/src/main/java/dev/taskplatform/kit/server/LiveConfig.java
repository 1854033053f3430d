// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.schedule.Repeating;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A service's settings, read again when the mounted file changes. A change is taken if all settings that are asked for
 * here are valid after it, and refused as a whole if not: then all stay as they were, and the log says why. The
 * environment comes before the file, later as at the start.
 *
 * <p>The file is compared by its content every few seconds: watchers of files miss how Kubernetes swaps the directory
 * behind a mounted ConfigMap.
 */
public final class LiveConfig {
    private static final Logger LOGGER = System.getLogger(LiveConfig.class.getName());

    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Pattern YAML_PLACE = Pattern.compile("line \\d+, column \\d+");

    /** What came of looking at the file. */
    enum Outcome {
        UNCHANGED,
        TAKEN,
        REFUSED
    }

    private final Config start;
    private final Path file;
    private final List<Setting<?>> settings = new ArrayList<>();
    private Map<String, String> current;
    private String content;
    private volatile boolean refused;

    private LiveConfig(Config start, Path file, String content) {
        this.start = start;
        this.file = file;
        this.content = content;
        this.current = flat(start);
    }

    /** Settings that stay as they are. */
    public static LiveConfig of(Config config) {
        return new LiveConfig(config, null, "");
    }

    /**
     * The settings of {@link ServiceConfig}.
     *
     * @param environment the process's variables
     * @throws ConfigException if the mounted file cannot be read or is no YAML
     */
    public static LiveConfig load(Map<String, String> environment) {
        Path file = ServiceConfig.file(environment);
        try {
            Optional<byte[]> bytes = read(file);
            return new LiveConfig(ServiceConfig.load(bytes), file, digest(bytes));
        } catch (IOException e) {
            throw new ConfigException("The settings in " + file + " cannot be read", e);
        }
    }

    /** All settings as they were at the start. */
    public Config config() {
        return start;
    }

    /**
     * Settings that may change while the service runs.
     *
     * @param from makes their record out of the root, and names in its exception the key whose value is wrong
     * @return gives the record as it is now
     * @throws IllegalArgumentException as {@code from} does
     * @throws ConfigException as {@code from} does
     */
    public <T> Supplier<T> setting(Function<Config, T> from) {
        return setting(from, changed -> {});
    }

    /**
     * As {@link #setting(Function)}.
     *
     * @param taken told of each new record
     */
    public synchronized <T> Supplier<T> setting(Function<Config, T> from, Consumer<T> taken) {
        Setting<T> setting = new Setting<>(from, taken, from.apply(start));
        settings.add(setting);
        return setting;
    }

    /**
     * Looks at the file again and again.
     *
     * @param meters gets {@code config_reloads_total{outcome}} and {@code config_refused}
     * @param random spreads the replicas
     * @return ends it
     */
    AutoCloseable watch(MeterRegistry meters, RandomGenerator random) {
        if (file == null) {
            return () -> {};
        }
        Gauge.builder("config.refused", this, live -> live.refused ? 1 : 0)
                .description(
                        "1 while the mounted file of settings is not what the service runs with, as it is not valid")
                .register(meters);
        return Repeating.start("settings", () -> POLL, random, () -> {
            Outcome outcome = reread();
            if (outcome != Outcome.UNCHANGED) {
                meters.counter("config.reloads", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                        .increment();
            }
        });
    }

    /** Looks at the file once. */
    synchronized Outcome reread() {
        try {
            Optional<byte[]> bytes = read(file);
            String now = digest(bytes);
            if (now.equals(content)) {
                return Outcome.UNCHANGED;
            }
            content = now;
            if (bytes.isEmpty()) {
                return refuse("it is gone");
            }
            take(ServiceConfig.load(bytes));
            return Outcome.TAKEN;
        } catch (IOException e) {
            content = "unreadable";
            return refuse("it cannot be read: " + e);
        } catch (ConfigException | IllegalArgumentException e) {
            return refuse(reason(e));
        }
    }

    private Outcome refuse(String reason) {
        refused = true;
        LOGGER.log(
                Level.WARNING,
                "{0} has changed and is refused, all settings stay as they were: {1}. It is read again when it changes",
                file,
                reason);
        return Outcome.REFUSED;
    }

    private void take(Config next) {
        // All of them before any: one that is not valid throws.
        List<Runnable> changes =
                settings.stream().map(setting -> setting.change(next)).toList();
        Map<String, String> after = flat(next);
        TreeSet<String> live = new TreeSet<>();
        TreeSet<String> later = new TreeSet<>();
        for (String key : changedKeys(current, after)) {
            (isLive(key, after.get(key)) ? live : later).add(key);
        }
        changes.forEach(Runnable::run);
        current = after;
        refused = false;
        LOGGER.log(
                Level.INFO,
                "{0} has changed; in effect now: {1}; at the next start: {2}",
                file,
                live.isEmpty() ? "nothing" : String.join(", ", live),
                later.isEmpty() ? "nothing" : String.join(", ", later));
    }

    /** Whether that change alone would change a setting; what cannot stand alone is part of one. */
    private boolean isLive(String key, String value) {
        Map<String, String> changed = new HashMap<>(current);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        Config config = Config.builder(ConfigSources.create(changed))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        return settings.stream().anyMatch(setting -> setting.dependsOn(config));
    }

    private static List<String> changedKeys(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(before.get(key), after.get(key)))
                .toList();
    }

    private static Map<String, String> flat(Config config) {
        return config.traverse()
                .filter(Config::isLeaf)
                .collect(Collectors.toMap(
                        node -> node.key().toString(), node -> node.asString().orElse("")));
    }

    /** A parser's message repeats a part of the file, which is nobody's business. */
    private static String reason(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Matcher place = YAML_PLACE.matcher(String.valueOf(cause.getMessage()));
            if (place.find()) {
                return "it is no YAML at " + place.group();
            }
        }
        return e.getMessage();
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String digest(Optional<byte[]> bytes) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return bytes.map(sha256::digest).map(HexFormat.of()::formatHex).orElse("absent");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private static final class Setting<T> implements Supplier<T> {
        private final Function<Config, T> from;
        private final Consumer<T> taken;
        private volatile T value;

        Setting(Function<Config, T> from, Consumer<T> taken, T value) {
            this.from = from;
            this.taken = taken;
            this.value = value;
        }

        @Override
        public T get() {
            return value;
        }

        Runnable change(Config config) {
            T next = from.apply(config);
            return () -> {
                if (!next.equals(value)) {
                    value = next;
                    taken.accept(next);
                }
            };
        }

        boolean dependsOn(Config config) {
            try {
                return !from.apply(config).equals(value);
            } catch (ConfigException | IllegalArgumentException e) {
                return true;
            }
        }
    }
}
