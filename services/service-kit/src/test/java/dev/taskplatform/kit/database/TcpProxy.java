// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on this machine, and breaks the line between them when told. */
public final class TcpProxy implements AutoCloseable {
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int serverPort;
    private final int port;
    private volatile ServerSocket listener;
    private volatile boolean silent;

    /** A proxy that refuses connections until {@link #connect()}. */
    public TcpProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    /** Lets everything through. */
    public void connect() throws IOException {
        silent = false;
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = socket;
        Thread.ofVirtual().start(() -> accept(socket));
    }

    /** Cuts all connections and refuses new ones. */
    public void disconnect() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Takes connections and data, and passes nothing on: a server that is gone without a word. */
    public void fallSilent() {
        silent = true;
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            disconnect();
        }
    }

    private void accept(ServerSocket from) {
        while (true) {
            try {
                Socket client = from.accept();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!silent) {
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
