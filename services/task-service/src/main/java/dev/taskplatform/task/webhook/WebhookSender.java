// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.spi.DnsResolver;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts to webhooks, within a time that the other side cannot stretch, and follows nobody elsewhere. */
public final class WebhookSender {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final TargetGuard guard;
    private final WebClient client;
    private final Duration longest;

    /**
     * @param guard tells which address is called; the client asks nobody else
     * @param longest from the begin to the answer
     */
    public WebhookSender(TargetGuard guard, Duration longest) {
        this.guard = guard;
        this.longest = longest;
        this.client = WebClient.builder()
                .dnsResolver(new Guarded())
                .followRedirects(false)
                .servicesDiscoverServices(false)
                .shareConnectionCache(false)
                .keepAlive(false)
                .connectTimeout(CONNECT)
                .readTimeout(longest)
                .build();
    }

    /**
     * Posts JSON.
     *
     * @return the status of the answer, whose body nobody reads
     * @throws TargetException when there is none in time, or the target must not be called
     */
    int post(String url, Map<String, String> headers, byte[] json) throws InterruptedException {
        FutureTask<Integer> call = new FutureTask<>(() -> call(url, headers, json));
        Thread.ofVirtual().name("webhook").start(call);
        try {
            return call.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TargetException("There was no answer within " + longest);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            call.cancel(true);
        }
    }

    private int call(String url, Map<String, String> headers, byte[] json) {
        URI uri = URI.create(url);
        // Of an address that is written as one, no resolver is asked.
        guard.address(uri.getHost().replaceAll("^\\[|]$", ""));
        List<Header> all = headers.entrySet().stream()
                .map(header -> HeaderValues.create(HeaderNames.create(header.getKey()), header.getValue()))
                .toList();
        var request = client.post().uri(uri).header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
        all.forEach(request::header);
        try (HttpClientResponse response = request.submit(json)) {
            return response.status().code();
        }
    }

    private static TargetException failure(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TargetException target) {
                return target;
            }
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Its kind tells the owner enough; its message may name what is inside of the cluster.
        return new TargetException("The call failed: " + root.getClass().getSimpleName());
    }

    private final class Guarded implements DnsResolver {
        @Override
        public InetAddress resolveAddress(String host, DnsAddressLookup lookup) {
            return guard.address(host);
        }
    }
}
