// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.observe.LogLevel;
import dev.taskplatform.kit.observe.Logging;
import dev.taskplatform.kit.server.LiveConfig;
import io.helidon.config.ConfigException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a command as a process, and says what came of it: in the log, in the exit status, and in the file that Kubernetes
 * shows as the container's termination message.
 */
public final class DataProcess {
    private static final Logger LOGGER = System.getLogger(DataProcess.class.getName());

    private static final int DONE = 0;
    /** May succeed when it is tried again. */
    private static final int FAILED = 1;
    /** Fails each time until somebody changes something. */
    private static final int REFUSED = 2;

    private static final Path TERMINATION_LOG = Path.of("/dev/termination-log");
    /** Kubernetes keeps 4,096 bytes; a character has at most 6 of them, escaped. */
    private static final int MOST_CHARACTERS = 650;

    private final ObjectMapper json = Json.mapper();
    private final Optional<Path> outcome;

    private DataProcess(Optional<Path> outcome) {
        this.outcome = outcome;
    }

    /**
     * Does a command and ends the process.
     *
     * @param arguments the command's name: backup, restore or copy
     */
    public static void run(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Optional<Path> named = new Environment(environment).terminationLog();
        DataProcess process =
                new DataProcess(named.or(() -> Optional.of(TERMINATION_LOG).filter(Files::exists)));
        System.exit(process.run(environment, arguments));
    }

    private int run(Map<String, String> environment, String[] arguments) {
        Logging.configure(LogLevel.INFO);
        try {
            LiveConfig config = LiveConfig.load(environment);
            Logging.configure(LogLevel.from(config.config()));
            Result result = new DataCommands(config.config(), environment, Clock.systemUTC(), new SecureRandom())
                    .run(arguments);
            String text = json.writeValueAsString(result.json(json));
            LOGGER.log(Level.INFO, "Done: {0}", text);
            write(text);
            return DONE;
        } catch (RefusedException e) {
            return fail(REFUSED, e.getMessage(), e);
        } catch (DataException | IllegalArgumentException | IllegalStateException | ConfigException e) {
            return fail(FAILED, e.getMessage(), e);
        } catch (JsonProcessingException | RuntimeException e) {
            LOGGER.log(Level.ERROR, "Where it was noticed", e);
            return fail(FAILED, "A fault of this program: %s; report it with the log".formatted(e), e);
        }
    }

    private int fail(int status, String sentence, Exception cause) {
        LOGGER.log(Level.DEBUG, "Where it was noticed", cause);
        LOGGER.log(Level.ERROR, "The command failed: {0}", sentence);
        String shown =
                sentence.length() > MOST_CHARACTERS ? sentence.substring(0, MOST_CHARACTERS - 1) + "…" : sentence;
        write(json.createObjectNode().put("error", shown).toString());
        return status;
    }

    private void write(String text) {
        if (outcome.isEmpty()) {
            return;
        }
        try {
            Files.writeString(outcome.get(), text);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The outcome can''t be written to {0}: {1}", outcome.get(), e.toString());
        }
    }
}
