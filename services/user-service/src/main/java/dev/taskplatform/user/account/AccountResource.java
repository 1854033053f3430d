// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Status;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the resources about accounts have in common: their problems, conditions and fields. */
final class AccountResource {

    private static final ProblemType USERNAME_TAKEN =
            new ProblemType("username-taken", Status.CONFLICT_409, "The username is taken");
    private static final ProblemType REGISTRATION_CLOSED =
            new ProblemType("registration-closed", Status.FORBIDDEN_403, "Nobody can register here");
    private static final ProblemType INVITATION_REQUIRED =
            new ProblemType("invitation-required", Status.FORBIDDEN_403, "Registration needs an invitation");
    private static final ProblemType INVITATION_INVALID =
            new ProblemType("invitation-invalid", Status.FORBIDDEN_403, "The invitation is not valid");
    private static final ProblemType LAST_ADMIN =
            new ProblemType("last-admin", Status.CONFLICT_409, "This is the last administrator");

    private AccountResource() {}

    /** Does what the model may refuse, and tells the client why. */
    static <T> T answer(Supplier<T> work) {
        try {
            return work.get();
        } catch (VersionMismatchException e) {
            throw Preconditions.failed();
        } catch (LastAdministratorException e) {
            throw new ProblemException(
                    LAST_ADMIN,
                    "Nobody could administer the platform any more. Make somebody else an administrator first.");
        } catch (RegistrationRefusedException e) {
            throw switch (e.reason()) {
                case CLOSED ->
                    new ProblemException(REGISTRATION_CLOSED, "Ask an administrator to make an account for you.");
                case INVITATION_REQUIRED ->
                    new ProblemException(INVITATION_REQUIRED, "Ask an administrator for an invitation.");
                case INVITATION_INVALID ->
                    new ProblemException(
                            INVITATION_INVALID,
                            "It was used, has expired or never was. Ask an administrator for another.");
            };
        }
    }

    static ProblemException usernameTaken() {
        return new ProblemException(
                USERNAME_TAKEN, "Somebody has this username already, or one that looks like it. Choose another one.");
    }

    static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such user that you may see.");
    }

    /** RFC 7396: a field that is null goes, one that is left out stays. */
    static PatchField<String> patchField(JsonFields body, String name, Function<String, String> parser) {
        if (body.takeNull(name)) {
            return PatchField.to(Optional.empty());
        }
        Optional<String> value = body.optional(name, parser);
        return value.isPresent() ? PatchField.to(value) : PatchField.unchanged();
    }

    /** The roles in an array; none if it is not there. */
    static Optional<Set<Role>> roles(JsonFields body) {
        return body.optionalList("roles", AccountResource::role).map(roles -> {
            if (roles.isEmpty()) {
                throw ProblemException.invalidField(
                        FieldError.value("roles", "Everyone has a role; give user, or user and admin."));
            }
            return Set.copyOf(roles);
        });
    }

    static Role role(String text) {
        return Role.find(text).orElseThrow(() -> new InvalidValueException("A role is user or admin."));
    }
}
