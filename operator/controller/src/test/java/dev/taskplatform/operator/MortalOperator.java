// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operator that ends as a killed process does, right after the API server has answered its nth write: from then on not a request
 * leaves it. Another one takes its place.
 */
final class MortalOperator implements AutoCloseable {

    private final Config config;
    private final String namespace;
    private final Death death;
    private volatile RunningOperator running;

    /** @param writes how many writes it lives for */
    MortalOperator(Config config, String namespace, int writes) {
        this.config = config;
        this.namespace = namespace;
        this.death = new Death(writes);
        this.running = new RunningOperator(
                config, namespace, Map.of(), builder -> builder.addOrReplaceInterceptor("death", death));
    }

    /** Starts another operator when this one is dead, once. */
    void succeed() {
        if (death.dead && !death.succeeded) {
            death.succeeded = true;
            running.close();
            running = new RunningOperator(config, namespace);
        }
    }

    /** @return whether it came to its end */
    boolean died() {
        return death.dead;
    }

    RunningOperator running() {
        return running;
    }

    @Override
    public void close() {
        running.close();
    }

    private static final class Death implements Interceptor {
        private final AtomicInteger left;
        private volatile boolean dead;
        private boolean succeeded;

        private Death(int writes) {
            left = new AtomicInteger(writes);
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (dead) {
                throw new IllegalStateException("the process has ended");
            }
        }

        @Override
        public void after(
                HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            if (!request.method().equals("GET") && left.decrementAndGet() == 0) {
                dead = true;
            }
        }
    }
}
