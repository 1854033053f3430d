// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@code /internal/v1/users/lookup}: tells services whom an id or a username belongs to. */
public final class UserLookupResource implements HttpService {
    private static final String SCOPE = "users:read";
    private static final int MAX = 100;

    private final Accounts accounts;
    private final BearerAuthentication bearer;
    private final JsonReader json;

    /** Collaborators. */
    public UserLookupResource(Accounts accounts, BearerAuthentication bearer, JsonReader json) {
        this.accounts = accounts;
        this.bearer = bearer;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/lookup", bearer.service(SCOPE, this::lookUp));
    }

    private void lookUp(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        List<UUID> ids = body.optionalList("ids", UuidText::of).orElse(List.of());
        List<Optional<Username>> usernames =
                body.optionalList("usernames", Username::find).orElse(List.of());
        body.done();
        requireFew("ids", ids);
        requireFew("usernames", usernames);
        Set<Username> possible = usernames.stream().flatMap(Optional::stream).collect(Collectors.toSet());
        List<Account> found = accounts.findAll(new HashSet<>(ids), possible);
        response.header(CacheControl.NO_STORE)
                .send(new Found(found.stream().map(User::of).toList()));
    }

    private static void requireFew(String name, List<?> values) {
        if (values.size() > MAX) {
            throw ProblemException.invalidField(
                    FieldError.value(name, "At most " + MAX + " can be looked up at once."));
        }
    }

    /** Those that there are, in the order of their usernames. */
    private record Found(List<User> users) {}

    /**
     * How an account looks to services.
     *
     * @param displayName null, and so not in JSON, when there is none
     */
    private record User(UUID id, String username, String displayName, boolean disabled) {
        static User of(Account account) {
            return new User(
                    account.id(),
                    account.username().value(),
                    account.displayName().orElse(null),
                    account.isDisabled());
        }
    }
}
