// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.userinfo;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.oauth.claims.PersonClaims;
import dev.taskplatform.user.oauth.protocol.Scope;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /oauth2/userinfo}. */
public final class UserInfoResource implements HttpService {
    private final Accounts accounts;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public UserInfoResource(Accounts accounts, BearerAuthentication bearer) {
        this.accounts = accounts;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/oauth2/userinfo", bearer.user(Scope.OPENID, this::answer))
                .post("/oauth2/userinfo", bearer.user(Scope.OPENID, this::answer));
    }

    private void answer(AccessToken caller, ServerRequest request, ServerResponse response) {
        Account account = accounts.find(caller.userId())
                .orElseThrow(
                        () -> new ProblemException(ProblemType.INVALID_TOKEN, "This account does not exist any more.")
                                .with(HeaderValues.create(
                                        HeaderNames.WWW_AUTHENTICATE,
                                        "Bearer realm=\"taskplatform\", error=\"invalid_token\"")));
        response.header(CacheControl.NO_STORE).send(PersonClaims.of(account, caller.scopes()));
    }
}
