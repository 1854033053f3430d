// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on this machine, and breaks the line between them when told. */
public final class TcpProxy implements AutoCloseable {
    private enum Line {
        /** New connections end at once. */
        CUT,
        CONNECTED,
        SILENT
    }

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int serverPort;
    private final ServerSocket listener;
    private volatile Line line = Line.CUT;

    /** A proxy that lets nothing through until {@link #connect()}. */
    public TcpProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        // Held all the time: a port that is let go may be another's when it is wanted again.
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Lets everything through. */
    public void connect() {
        line = Line.CONNECTED;
    }

    /** Cuts all connections, and new ones as they come. */
    public synchronized void disconnect() throws IOException {
        line = Line.CUT;
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Takes connections and data, and passes nothing on: a server that is gone without a word. */
    public void fallSilent() {
        line = Line.SILENT;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        disconnect();
    }

    private void accept() {
        while (true) {
            try {
                join(listener.accept());
            } catch (IOException e) {
                // The proxy is closed.
                return;
            }
        }
    }

    private synchronized void join(Socket client) throws IOException {
        if (line == Line.CUT) {
            client.close();
            return;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pump(client, server));
        Thread.ofVirtual().start(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (line != Line.SILENT) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException e) {
            // One side is gone; closing tells the other.
        } finally {
            sockets.remove(from);
        }
    }
}
