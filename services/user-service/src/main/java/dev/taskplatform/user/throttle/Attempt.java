// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An attempt to sign in that has begun. It ends once, by one of the methods; one that never ends, because the process
 * died, has failed. To end it may be a part of a transaction of the caller, and then the last: others from the same
 * address wait for the end of that transaction.
 */
public final class Attempt {
    private final Throttle throttle;
    private final Throttle.Counted name;
    private final Throttle.Counted address;
    private final AtomicBoolean ended = new AtomicBoolean();

    Attempt(Throttle throttle, Throttle.Counted name, Throttle.Counted address) {
        this.throttle = throttle;
        this.name = name;
        this.address = address;
    }

    /**
     * All was right: the failures of the name are forgotten. Those of the address are not, or anybody with an account
     * could go on guessing others' passwords.
     */
    public void succeeded() {
        end();
        throttle.succeeded(name, address);
    }

    /**
     * Something was wrong.
     *
     * @return whether this was the failure that locks the name
     */
    public boolean failed() {
        end();
        return throttle.failed(name, address);
    }

    /** The password was not looked at, as when the hasher is overloaded: the attempt does not count. */
    public void cancelled() {
        end();
        throttle.cancelled(name, address);
    }

    private void end() {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException("The attempt has ended already");
        }
    }
}
