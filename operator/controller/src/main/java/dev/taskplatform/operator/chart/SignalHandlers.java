// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The process's handlers of the signals that end it or dump its threads, as they were at a moment.
 *
 * <p>Helm's engine is a Go library; its first render takes these signals from the JVM for good (helm-java issue 409), so that SIGTERM
 * would end nothing and a pod would be killed when its grace is over. Whoever calls the engine restores them after it.
 */
final class SignalHandlers {

    // The numbers are those of every Linux that Java runs on.
    private static final int SIGINT = 2;
    private static final int SIGQUIT = 3;
    private static final int SIGTERM = 15;

    /** More than {@code struct sigaction} takes anywhere; its content is the C library's affair. */
    private static final long STRUCTURE_BYTES = 512;

    @SuppressWarnings("restricted") // the JVM is started with --enable-native-access, which the engine needs too
    private static final MethodHandle SIGACTION = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("sigaction"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private final Map<Integer, MemorySegment> actions;

    private SignalHandlers(Map<Integer, MemorySegment> actions) {
        this.actions = actions;
    }

    /** @return the handlers as they are now */
    static SignalHandlers current() {
        Map<Integer, MemorySegment> actions = new LinkedHashMap<>();
        for (int signal : new int[] {SIGINT, SIGQUIT, SIGTERM}) {
            MemorySegment action = Arena.ofAuto().allocate(STRUCTURE_BYTES, ADDRESS.byteAlignment());
            sigaction(signal, MemorySegment.NULL, action);
            actions.put(signal, action);
        }
        return new SignalHandlers(actions);
    }

    /** Makes these the handlers again. */
    void restore() {
        actions.forEach((signal, action) -> sigaction(signal, action, MemorySegment.NULL));
    }

    private static void sigaction(int signal, MemorySegment action, MemorySegment old) {
        int result;
        try {
            result = (int) SIGACTION.invokeExact(signal, action, old);
        } catch (Throwable e) {
            throw new IllegalStateException("sigaction(2) can't be called", e);
        }
        if (result != 0) {
            throw new IllegalStateException("sigaction(2) failed for signal " + signal);
        }
    }
}
