// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.account.KnownUser;
import dev.taskplatform.task.account.UserDirectory;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** {@code /v1/lists/{listId}/members}: who shares a list. */
public final class MembersResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Members members;
    private final UserDirectory users;
    private final BearerAuthentication bearer;
    private final JsonReader json;
    private final Clock clock;

    /** Collaborators. */
    public MembersResource(
            Members members, UserDirectory users, BearerAuthentication bearer, JsonReader json, Clock clock) {
        this.members = members;
        this.users = users;
        this.bearer = bearer;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.user(SCOPE, this::list))
                .post("/", bearer.user(SCOPE, this::invite))
                .put("/{userId}", bearer.user(SCOPE, this::put))
                .delete("/{userId}", bearer.user(SCOPE, this::remove));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        List<Member> found = members.list(caller.userId(), list(request));
        Map<UUID, KnownUser> known =
                users.byIds(found.stream().map(Member::user).toList());
        response.header(CacheControl.REVALIDATE)
                .send(new Found(found.stream()
                        .map(member -> View.of(member, Optional.ofNullable(known.get(member.user()))))
                        .toList()));
    }

    /** By name; a repeat changes nothing, and so needs no key. */
    private void invite(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID list = list(request);
        JsonFields body = json.fields(request);
        String username = body.required("username", Function.identity());
        ListRole role = body.required("role", ListRole::of);
        body.done();
        // Names are not told to who may do nothing with them.
        members.requireAdmin(caller.userId(), list);
        KnownUser user = users.byName(username)
                .orElseThrow(() -> ProblemException.invalidField(
                        FieldError.value("username", "Nobody has this name. Ask the person how it is written.")));
        Member member = members.put(caller.userId(), list, new Member(user.id(), role), clock.instant());
        response.header(CacheControl.REVALIDATE).send(View.of(member, Optional.of(user)));
    }

    private void put(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID list = list(request);
        UUID user = PathParameters.uuid(request, "userId");
        JsonFields body = json.fields(request);
        ListRole role = body.required("role", ListRole::of);
        body.done();
        members.requireAdmin(caller.userId(), list);
        // Who is a member was somebody already, so that roles can be changed while nobody can be asked.
        if (!members.has(list, user) && users.byId(user).isEmpty()) {
            throw ProblemException.invalidField(FieldError.parameter("userId", "There is no person with this id."));
        }
        Member member = members.put(caller.userId(), list, new Member(user, role), clock.instant());
        response.header(CacheControl.REVALIDATE)
                .send(View.of(
                        member, Optional.ofNullable(users.byIds(List.of(user)).get(user))));
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        members.remove(caller.userId(), list(request), PathParameters.uuid(request, "userId"), clock.instant());
        response.status(Status.NO_CONTENT_204).send();
    }

    private static UUID list(ServerRequest request) {
        return PathParameters.uuid(request, "listId");
    }

    /** The highest role first. */
    private record Found(List<View> items) {}

    /**
     * How a member looks to others; what is null is not in JSON.
     *
     * @param username null when nobody could tell it
     * @param staleSince when the name was told, if that is long ago and nobody could tell it again
     */
    private record View(UUID userId, String username, String displayName, ListRole role, Instant staleSince) {
        static View of(Member member, Optional<KnownUser> user) {
            return new View(
                    member.user(),
                    user.map(KnownUser::username).orElse(null),
                    user.flatMap(KnownUser::displayName).orElse(null),
                    member.role(),
                    user.flatMap(KnownUser::staleSince).orElse(null));
        }
    }
}
