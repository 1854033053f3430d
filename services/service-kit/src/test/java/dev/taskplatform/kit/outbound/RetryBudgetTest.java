// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    @Test
    void beginsWithABurstAndEarnsAShareOfEachCall() {
        RetryBudget budget = new RetryBudget(0.25);
        assertThat(spent(budget)).isEqualTo(RetryBudget.BURST);

        for (int call = 0; call < 3; call++) {
            budget.earn();
        }
        assertThat(budget.spend()).isFalse();
        budget.earn();
        assertThat(spent(budget)).isOne();
    }

    @Test
    void savesNoMoreThanTheBurst() {
        RetryBudget budget = new RetryBudget(1);
        for (int call = 0; call < 1_000; call++) {
            budget.earn();
        }
        assertThat(spent(budget)).isEqualTo(RetryBudget.BURST);
    }

    @Test
    void hasNothingWithoutAShare() {
        RetryBudget budget = new RetryBudget(0);
        budget.earn();
        assertThat(budget.spend()).isFalse();
    }

    @Test
    void spendsNothingTwice() throws Exception {
        RetryBudget budget = new RetryBudget(0.1);
        Callable<Integer> spender = () -> spent(budget);
        int all = 0;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var spent :
                    executor.invokeAll(Stream.generate(() -> spender).limit(20).toList())) {
                all += spent.get();
            }
        }
        assertThat(all).isEqualTo(RetryBudget.BURST);
    }

    private static int spent(RetryBudget budget) {
        int retries = 0;
        while (budget.spend()) {
            retries++;
        }
        return retries;
    }
}
