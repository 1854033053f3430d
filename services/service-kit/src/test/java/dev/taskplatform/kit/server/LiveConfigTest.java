// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.server.LiveConfig.Outcome;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mounted file, swapped as the kubelet does it. */
class LiveConfigTest {
    /** The default on the class path. */
    private static final long DEFAULT_SIZE = 4096;

    private final Logger logger = Logger.getLogger(LiveConfig.class.getName());
    private final Log log = new Log();

    @TempDir
    private Path mount;

    private int version;
    private LiveConfig live;
    private Supplier<Limit> limit;
    private Supplier<Pause> pause;

    record Limit(long size) {
        static Limit from(Config root) {
            long size = root.get("server.max-payload-size").asLong().get();
            if (size < 1) {
                throw new IllegalArgumentException("server.max-payload-size: must be 1 or more, but is " + size);
            }
            return new Limit(size);
        }
    }

    record Pause(Duration length) {
        static Pause from(Config root) {
            return new Pause(root.get("pause").as(Duration.class).orElse(Duration.ZERO));
        }
    }

    @BeforeEach
    void listen() {
        logger.addHandler(log);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(log);
    }

    private void start(String yaml) throws IOException {
        Path file = mount.resolve("application.yaml");
        swap(yaml);
        Files.createSymbolicLink(file, Path.of("..data", "application.yaml"));
        live = LiveConfig.load(Map.of(ServiceConfig.FILE_VARIABLE, file.toString()));
        limit = live.setting(Limit::from);
        pause = live.setting(Pause::from);
    }

    /** A new directory, and the link ..data moved to it at once; the path of the file stays the same. */
    private void swap(String yaml) throws IOException {
        Path directory = Files.createDirectory(mount.resolve("..version-" + version++));
        Files.writeString(directory.resolve("application.yaml"), yaml);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), directory.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void takesUpWhatHasChanged() throws Exception {
        start("server: {max-payload-size: 10}");
        assertThat(limit.get()).isEqualTo(new Limit(10));
        assertThat(live.reread()).isEqualTo(Outcome.UNCHANGED);

        swap("server: {max-payload-size: 20}\npause: PT1S");

        assertThat(live.reread()).isEqualTo(Outcome.TAKEN);
        assertThat(limit.get()).isEqualTo(new Limit(20));
        assertThat(pause.get()).isEqualTo(new Pause(Duration.ofSeconds(1)));
        assertThat(live.reread()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void comesBackToTheDefaultWhenASettingGoes() throws Exception {
        start("server: {max-payload-size: 10}");

        swap("# nothing");

        assertThat(live.reread()).isEqualTo(Outcome.TAKEN);
        assertThat(limit.get()).isEqualTo(new Limit(DEFAULT_SIZE));
    }

    @Test
    void tellsWhoWantsToKnow() throws Exception {
        start("pause: PT1S");
        List<Pause> told = new ArrayList<>();
        live.setting(Pause::from, told::add);
        assertThat(told).isEmpty();

        swap("pause: PT2S");
        live.reread();
        swap("pause: PT2S # the same");
        live.reread();

        assertThat(told).containsExactly(new Pause(Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{server: {max-payload-size: 0}, pause: PT9S}",
                "{server: {max-payload-size: many}, pause: PT9S}",
                "{server: {max-payload-size: 20}, pause: soon}"
            })
    void refusesAChangeAsAWhole(String yaml) throws Exception {
        start("server: {max-payload-size: 10}\npause: PT1S");

        swap(yaml);

        assertThat(live.reread()).isEqualTo(Outcome.REFUSED);
        assertThat(limit.get()).isEqualTo(new Limit(10));
        assertThat(pause.get()).isEqualTo(new Pause(Duration.ofSeconds(1)));
        assertThat(log.lines).singleElement().asString().containsAnyOf("server.max-payload-size", "pause");
        assertThat(live.reread()).isEqualTo(Outcome.UNCHANGED);
        assertThat(log.lines).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"password: [secret", "a: 1\n b: secret", "\tsecret", "- secret\nx"})
    void refusesWhatIsNoYamlWithoutRepeatingIt(String yaml) throws Exception {
        start("server: {max-payload-size: 10}");

        swap(yaml);

        assertThat(live.reread()).isEqualTo(Outcome.REFUSED);
        assertThat(limit.get()).isEqualTo(new Limit(10));
        assertThat(log.lines)
                .singleElement()
                .asString()
                .contains("is no YAML at line")
                .doesNotContain("secret");
    }

    @Test
    void recoversFromARefusal() throws Exception {
        start("server: {max-payload-size: 10}");
        swap("server: {max-payload-size: 0}");
        live.reread();

        swap("server: {max-payload-size: 30}");

        assertThat(live.reread()).isEqualTo(Outcome.TAKEN);
        assertThat(limit.get()).isEqualTo(new Limit(30));
    }

    @Test
    void keepsItsSettingsWhenTheFileIsGone() throws Exception {
        start("server: {max-payload-size: 10}");
        Files.delete(mount.resolve("..data"));

        assertThat(live.reread()).isEqualTo(Outcome.REFUSED);
        assertThat(limit.get()).isEqualTo(new Limit(10));

        swap("server: {max-payload-size: 40}");
        assertThat(live.reread()).isEqualTo(Outcome.TAKEN);
        assertThat(limit.get()).isEqualTo(new Limit(40));
    }

    @Test
    void takesUpAFileThatComesLater() throws Exception {
        Path file = mount.resolve("application.yaml");
        live = LiveConfig.load(Map.of(ServiceConfig.FILE_VARIABLE, file.toString()));
        limit = live.setting(Limit::from);
        assertThat(limit.get()).isEqualTo(new Limit(DEFAULT_SIZE));

        Files.writeString(file, "server: {max-payload-size: 50}");

        assertThat(live.reread()).isEqualTo(Outcome.TAKEN);
        assertThat(limit.get()).isEqualTo(new Limit(50));
    }

    @Test
    void saysWhatNeedsARestart() throws Exception {
        start("server: {max-payload-size: 10, port: 1}");

        swap("server: {max-payload-size: 20, port: 2, host: 127.0.0.2}");
        live.reread();

        assertThat(log.lines)
                .singleElement()
                .asString()
                .contains("in effect now: server.max-payload-size;", "at the next start: server.host, server.port");
    }

    @Test
    void cannotStartWithAFileThatIsNoYaml() throws Exception {
        Path file = Files.writeString(mount.resolve("application.yaml"), "a: [");

        assertThatThrownBy(() -> LiveConfig.load(Map.of(ServiceConfig.FILE_VARIABLE, file.toString())))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void fixedSettingsNeverChange() {
        live = LiveConfig.of(ServiceConfig.of(Map.of("server.max-payload-size", "60")));

        assertThat(live.setting(Limit::from).get()).isEqualTo(new Limit(60));
        assertThatThrownBy(() -> live.setting(root -> {
                    throw new IllegalArgumentException("pause: is wrong");
                }))
                .hasMessage("pause: is wrong");
    }

    @Test
    void watchesAndCounts() throws Exception {
        start("server: {max-payload-size: 10}");
        try (Meters meters = new Meters();
                AutoCloseable watch = live.watch(meters.registry(), RandomGenerator.getDefault())) {
            assertThat(watch).isNotNull();
            swap("server: {max-payload-size: 0}");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> meters.scrape().contains("config_reloads_total{outcome=\"refused\"} 1.0"));
            assertThat(meters.scrape()).contains("config_refused 1.0");

            swap("server: {max-payload-size: 20}");
            await().atMost(Duration.ofSeconds(30)).until(() -> limit.get().size() == 20);
            await().until(() -> meters.scrape().contains("config_reloads_total{outcome=\"taken\"} 1.0"));
            assertThat(meters.scrape()).contains("config_refused 0.0");
        }
    }

    private static final class Log extends Handler {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            Object[] parameters = record.getParameters();
            lines.add(parameters == null ? record.getMessage() : MessageFormat.format(record.getMessage(), parameters));
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
