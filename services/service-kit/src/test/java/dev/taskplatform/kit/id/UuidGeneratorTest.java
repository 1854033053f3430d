// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UuidGeneratorTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2022-02-22T19:22:22Z"));
    private final UuidGenerator generator = new UuidGenerator(now::get, new Random(1));

    @Test
    void hasTheLayoutOfVersion7() {
        UUID id = generator.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        // The example of RFC 9562, appendix A.6, is of this instant.
        assertThat(id.toString()).startsWith("017f22e2-79b0-7");
    }

    @Test
    void sortsByTimeOfCreation() {
        UUID first = generator.next();
        now.set(now.get().plusMillis(1));

        assertThat(generator.next().toString()).isGreaterThan(first.toString());
    }

    @Test
    void growsWithinAMillisecondEvenPastTheCounter() {
        List<String> ids = Stream.generate(generator::next)
                .limit(10_000)
                .map(UUID::toString)
                .toList();

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void growsWhenTheClockStepsBack() {
        UUID first = generator.next();
        now.set(now.get().minusSeconds(3600));

        assertThat(generator.next().toString()).isGreaterThan(first.toString());
    }
}
