// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A service as a process of its own, as a container runs it. */
public final class ServiceProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening on port (\\d+), observed on port (\\d+)");
    private static final long PATIENCE_MINUTES = 2;

    private final Process process;
    private final ObjectMapper json = new ObjectMapper();
    private final List<JsonNode> log = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private ServiceProcess(Process process) {
        this.process = process;
        // All the time: a process whose output nobody takes stops when the pipe is full.
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts it on free ports of the loopback interface.
     *
     * @param main its class
     * @param settings environment variables
     * @param arguments of its main method
     */
    public static ServiceProcess start(Class<?> main, Map<String, String> settings, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("SERVER_HOST", "127.0.0.1");
        environment.put("SERVER_PORT", "0");
        environment.put("SERVER_OBSERVE_PORT", "0");
        environment.put("SERVER_DRAIN", "PT0S");
        environment.putAll(settings);
        return new ServiceProcess(builder.redirectErrorStream(true).start());
    }

    /** The variables for settings by their dotted keys, as Helidon maps them. */
    public static Map<String, String> environment(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        setting -> Arrays.stream(setting.getKey().split("\\."))
                                .map(part -> part.toUpperCase(Locale.ROOT).replace("-", "_dash_"))
                                .collect(Collectors.joining("_")),
                        Map.Entry::getValue));
    }

    /** Its id, to limit what it may use. */
    public long pid() {
        return process.pid();
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                JsonNode record = json.readTree(line);
                log.add(record);
                Matcher listening = LISTENING.matcher(record.path("message").asText());
                if (listening.matches()) {
                    port.complete(Integer.valueOf(listening.group(1)));
                }
            }
            port.completeExceptionally(new AssertionError("It ended before it listened: " + log));
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
    }

    /** Waits until it listens; the port of its API. */
    public int awaitPort() throws Exception {
        return port.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    /** Sends SIGTERM. */
    public void terminate() {
        // Not by the process itself, which would close its output.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for the end; the exit status. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new AssertionError("It does not end: " + log);
        }
        reader.join();
        return process.exitValue();
    }

    /** What it has logged; all of it after the end. */
    public List<JsonNode> log() {
        return List.copyOf(log);
    }

    @Override
    public void close() {
        kill();
    }
}
