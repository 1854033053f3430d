// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsTest {
    @ParameterizedTest
    @CsvSource({
        ", ",
        "a, b",
        "a, ",
        ", a",
        ", 0001",
        "zzz, ",
        "a, a1",
        "a, a01",
        "019f, 01a0",
        "0199f7a25b0c7d3e8f4a6b1c2d3e4f50, 0199f7a25b0c7d3e8f4a6b1c2d3e4f51",
        "A, Z",
    })
    void findsAPlaceBetween(String lower, String upper) {
        String between = Positions.between(Optional.ofNullable(lower), Optional.ofNullable(upper));

        assertThat(between).isNotEmpty().doesNotEndWith("0");
        if (lower != null && !lower.equals("A")) {
            assertThat(between).isGreaterThan(lower);
        }
        if (upper != null && !upper.equals("Z")) {
            assertThat(between).isLessThan(upper);
        }
    }

    @Test
    void findsPlacesAmongAnyOthers() {
        Random random = new Random(7);
        List<String> places = new ArrayList<>(List.of("0199f7a25b0c7d3e8f4a6b1c2d3e4f50"));
        for (int i = 0; i < 2_000; i++) {
            int at = random.nextInt(places.size() + 1);
            Optional<String> lower = at == 0 ? Optional.empty() : Optional.of(places.get(at - 1));
            Optional<String> upper = at == places.size() ? Optional.empty() : Optional.of(places.get(at));
            places.add(at, Positions.between(lower, upper));
        }
        assertThat(places).isSorted().doesNotHaveDuplicates();
        assertThat(places).allMatch(place -> place.length() < Positions.LONGEST);
    }

    @Test
    void findsManyPlacesAtOnce() {
        List<String> places = Positions.between(Optional.of("a"), Optional.of("b"), 100);

        assertThat(places).hasSize(100).isSorted().doesNotHaveDuplicates().allMatch(place -> place.length() < 8);
    }

    @Test
    void putsInTheSamePlaceWhatHasNoneBetween() {
        assertThat(Positions.between(Optional.of("a"), Optional.of("a"))).isEqualTo("a");
        assertThat(Positions.between(Optional.of("a"), Optional.of("a0"))).isEqualTo("a0");
        assertThatThrownBy(() -> Positions.between(Optional.of("b"), Optional.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
