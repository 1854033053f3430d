// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer on a socket that does to each request what it is told, also what no web server would do. */
final class FaultyPeer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\ncontent-length: *([0-9]+)");

    /** What becomes of a request. */
    interface Behaviour {
        void answer(Socket connection, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Behaviour behaviour = answers("ok");
    private volatile String lastRequest;
    private volatile boolean away;

    FaultyPeer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** For the requests from now on. */
    void does(Behaviour next) {
        behaviour = next;
    }

    /** How many connections were accepted. */
    int connections() {
        return connections.get();
    }

    /** How many connections are open. */
    int openConnections() {
        return open.size();
    }

    /** How many requests have come. */
    int requests() {
        return requests.get();
    }

    /** The head and the body of the last. */
    String lastRequest() {
        return lastRequest;
    }

    /** Breaks all connections, and new ones as they come; the port stays this peer's. */
    void goAway() throws IOException {
        away = true;
        for (Socket connection : open) {
            reset(connection);
        }
    }

    void comeBack() {
        away = false;
    }

    static Behaviour answers(String body) {
        return answers(200, "", body);
    }

    /** @param headers each with its end of line */
    static Behaviour answers(int status, String headers, String body) {
        return (connection, out) -> out.write("HTTP/1.1 %d Some reason\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(status, headers, body.length(), body)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends what it is given and ends the connection. */
    static Behaviour says(String bytes) {
        return (connection, out) -> {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            connection.close();
        };
    }

    static Behaviour resets() {
        return (connection, out) -> reset(connection);
    }

    /** Takes the request and never answers, until the other side has enough. */
    static Behaviour hangs() {
        return (connection, out) -> connection.getInputStream().read();
    }

    /** Answers as soon as it is let. */
    static Behaviour answersAfter(CountDownLatch let) {
        return (connection, out) -> {
            let.await();
            answers("ok").answer(connection, out);
        };
    }

    /** Answers byte by byte, and never comes to the end. */
    Behaviour trickles() {
        return (connection, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            while (!closing.await(5, TimeUnit.MILLISECONDS)) {
                out.write('.');
            }
        };
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    private void accept() {
        while (true) {
            try {
                Socket connection = listener.accept();
                connections.incrementAndGet();
                if (away) {
                    reset(connection);
                } else {
                    open.add(connection);
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException e) {
                // The peer is closed.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String request = read(in); request != null; request = read(in)) {
                lastRequest = request;
                requests.incrementAndGet();
                behaviour.answer(connection, connection.getOutputStream());
            }
        } catch (IOException e) {
            // The other side is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection);
        }
    }

    /** A request up to the end of its body; null when there is none any more. */
    static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return head + new String(body, StandardCharsets.ISO_8859_1);
    }
}
