// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service as a process of its own, as a container runs it. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening on port (\\d+), observed on port (\\d+)");
    private static final long PATIENCE_MINUTES = 2;

    private final Process process;
    private final BufferedReader output;
    private final List<JsonNode> log = new ArrayList<>();
    private final ObjectMapper json = new ObjectMapper();

    private ServiceProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /**
     * Starts it with cheap passwords on free ports.
     *
     * @param directory where its database and its encryption key are
     * @param more environment variables
     */
    static ServiceProcess start(Path directory, Map<String, String> more) throws IOException {
        Path key = directory.resolve("encryption-key");
        if (Files.notExists(key)) {
            Files.writeString(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName());
        Map<String, String> environment = builder.environment();
        environment.put("SERVER_HOST", "127.0.0.1");
        environment.put("SERVER_PORT", "0");
        environment.put("SERVER_OBSERVE_PORT", "0");
        environment.put("SERVER_DRAIN", "PT0S");
        environment.put("DATABASE_EMBEDDED_PATH", directory.resolve("users.db").toString());
        environment.put("KEYS_ENCRYPTION_dash_KEY_dash_FILE", key.toString());
        environment.put("PASSWORD_ARGON2_MEMORY_dash_KIB", "64");
        environment.put("PASSWORD_ARGON2_ITERATIONS", "1");
        environment.putAll(more);
        return new ServiceProcess(builder.redirectErrorStream(true).start());
    }

    /** Waits until it listens; the port of its API. */
    int awaitPort() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            JsonNode record = json.readTree(line);
            log.add(record);
            Matcher listening = LISTENING.matcher(record.path("message").asText());
            if (listening.matches()) {
                return Integer.parseInt(listening.group(1));
            }
        }
        throw new AssertionError("It ended before it listened: " + log);
    }

    /** Sends SIGTERM. */
    void terminate() {
        // Not by the process itself, which would close its output.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for the end; the exit status. */
    int awaitEnd() throws IOException, InterruptedException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            log.add(json.readTree(line));
        }
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new AssertionError("It does not end: " + log);
        }
        return process.exitValue();
    }

    /** What it has logged as far as it was read. */
    List<JsonNode> log() {
        return log;
    }

    @Override
    public void close() throws IOException {
        kill();
        output.close();
    }
}
