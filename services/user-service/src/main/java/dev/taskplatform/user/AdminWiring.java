// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.user.account.AdminUsersResource;
import dev.taskplatform.user.account.DeletionsResource;
import dev.taskplatform.user.account.Invitations;
import dev.taskplatform.user.account.InvitationsResource;
import io.helidon.webserver.http.HttpRules;

/** What administrators do with accounts. */
final class AdminWiring {
    private final AdminUsersResource users;
    private final InvitationsResource invitations;
    private final DeletionsResource deletions;

    AdminWiring(
            Essentials essentials, KeyWiring keys, LimitWiring limits, AccountWiring accounts, ProfileWiring profiles) {
        CursorCodec cursors = new CursorCodec(keys.sealer().deriveKey("admin-cursors"));
        users = new AdminUsersResource(
                accounts.accounts(),
                accounts.registration(),
                profiles.changes(),
                profiles.deletions(),
                accounts.usernames(),
                accounts.policy(),
                cursors,
                keys.bearer(),
                profiles.idempotency(),
                essentials.actors(),
                essentials.json());
        invitations = new InvitationsResource(
                new Invitations(
                        accounts.invitations(),
                        essentials.database(),
                        essentials.audit(),
                        essentials.ids(),
                        essentials.random(),
                        essentials.clock()),
                cursors,
                keys.bearer(),
                profiles.idempotency(),
                essentials.actors(),
                essentials.json());
        deletions = new DeletionsResource(profiles.deletions(), cursors, keys.bearer(), limits.limiter());
    }

    void routes(HttpRules rules) {
        rules.register("/v1/admin/users", users)
                .register("/v1/admin/invitations", invitations)
                .register(deletions);
    }
}
