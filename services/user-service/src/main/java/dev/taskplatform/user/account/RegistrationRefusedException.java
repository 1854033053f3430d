// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

/** Nobody, or not this person, may register now. */
public final class RegistrationRefusedException extends RuntimeException {
    private final Reason reason;

    RegistrationRefusedException(Reason reason) {
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Why somebody may not register. */
    public enum Reason {
        /** Administrators make all accounts. */
        CLOSED,
        /** One needs an invitation and none came. */
        INVITATION_REQUIRED,
        /**
         * There is no such invitation, or it was used or revoked, or it has expired, or it is for an administrator and
         * whoever made it is none any more; which one is not said.
         */
        INVITATION_INVALID
    }
}
