// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Asks who persons are. */
interface UserLookup {
    /** Of each kind, in a call. */
    int MOST = 100;

    /**
     * Those that there are.
     *
     * @param ids at most {@value #MOST}
     * @param usernames at most {@value #MOST}
     * @throws dev.taskplatform.kit.outbound.PeerUnavailableException when the user service does not answer as it should
     * @throws dev.taskplatform.kit.outbound.ServiceTokenException when it gives this service no token
     */
    List<KnownUser> find(Collection<UUID> ids, Collection<String> usernames);
}
