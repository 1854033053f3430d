// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;

/** What keeps a person from signing in. */
public final class SignInProblems {
    /** 401: there is no such pair of username and password; which of them is wrong is not said. */
    public static final ProblemType WRONG_CREDENTIALS =
            ProblemType.of("wrong-credentials", 401, "The username or the password is wrong");

    /** 401: both are right, and the account has a second factor. */
    public static final ProblemType SECOND_FACTOR_REQUIRED =
            ProblemType.of("second-factor-required", 401, "The second factor is required");

    /** 401: both are right, and the code is not, or was used before. */
    public static final ProblemType WRONG_CODE =
            ProblemType.of("wrong-code", 401, "The code of the second factor is wrong");

    /** 403: both are right, and an administrator disabled the account. */
    public static final ProblemType ACCOUNT_DISABLED =
            ProblemType.of("account-disabled", 403, "The account is disabled");

    /** 403: the session is good, and the password or the code that was asked for again is not. */
    public static final ProblemType NOT_CONFIRMED =
            ProblemType.of("not-confirmed", 403, "The password or the code is wrong");

    private SignInProblems() {}

    static ProblemException wrongCredentials() {
        return new ProblemException(
                        WRONG_CREDENTIALS, "Check both and try again; upper and lower case matter in passwords.")
                .withChallenge();
    }

    static ProblemException secondFactorRequired() {
        return new ProblemException(
                        SECOND_FACTOR_REQUIRED,
                        "Send the code of the authenticator, or a recovery code, in the field code.")
                .withChallenge();
    }

    static ProblemException wrongCode() {
        return new ProblemException(
                        WRONG_CODE,
                        "Send the code that the authenticator shows now; each works once. If it never works, check its clock.")
                .withChallenge();
    }

    static ProblemException accountDisabled() {
        return new ProblemException(ACCOUNT_DISABLED, "Ask an administrator to enable it.");
    }

    static ProblemException notConfirmed() {
        return new ProblemException(
                NOT_CONFIRMED,
                "Send the password of the account, and a code of the authenticator or a recovery code if it has one.");
    }
}
