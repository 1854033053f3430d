// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operator as a process of its own, as the container starts it. */
final class OperatorProcess implements AutoCloseable {

    private static final Duration STARTS = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path log;

    private OperatorProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * @param kubeconfig access to the cluster
     * @param directory where its files are put
     * @param flags flags of the JVM
     * @param settings environment variables besides {@link RunningOperator#ENVIRONMENT}
     */
    static OperatorProcess start(String kubeconfig, Path directory, List<String> flags, Map<String, String> settings)
            throws IOException {
        Path config = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
        Path log = directory.resolve("log");
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.taskplatform.operator.Main"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(RunningOperator.ENVIRONMENT);
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().putAll(settings);
        builder.environment().put("KUBECONFIG", config.toString());
        return new OperatorProcess(builder.start(), port, log);
    }

    void awaitReady() {
        await().atMost(STARTS).ignoreExceptions().until(() -> get("/readyz").statusCode() == 200);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** @return the value of a metric, summed over its series; those are named as in {@code name{a="b"}} or {@code name} */
    double metric(String series) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** @return memory of the process that is in RAM, in MiB */
    long residentMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    Process process() {
        return process;
    }

    List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
