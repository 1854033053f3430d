// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import dev.taskplatform.kit.outbound.PeerUnavailableException;
import dev.taskplatform.kit.outbound.ServiceTokenException;
import dev.taskplatform.kit.problem.ProblemException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who persons are, asked of the user service and remembered for a while. When it does not answer, what was known before is
 * told with how old it is.
 */
public final class UserDirectory {
    private static final Logger LOGGER = System.getLogger(UserDirectory.class.getName());

    /** People seldom change their names. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    private static final Duration KEPT = Duration.ofHours(24);
    /** A few megabytes. */
    private static final int MOST = 10_000;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Optional<UserLookup> lookup;
    private final Clock clock;
    private final Map<UUID, Told> known = new LeastRecentlyUsed();
    private long deletions;

    /** @param lookup empty where this service has no credentials to ask with */
    public UserDirectory(Optional<? extends UserLookup> lookup, Clock clock) {
        this.lookup = lookup.map(found -> found);
        this.clock = clock;
    }

    /**
     * Who has a username.
     *
     * @return empty when nobody has
     * @throws ProblemException 503 when the user service can't tell
     */
    public Optional<KnownUser> byName(String username) {
        return find(List.of(), List.of(username));
    }

    /**
     * Who has an id.
     *
     * @return empty when nobody has
     * @throws ProblemException 503 when the user service can't tell
     */
    public Optional<KnownUser> byId(UUID id) {
        return find(List.of(id), List.of());
    }

    private Optional<KnownUser> find(List<UUID> ids, List<String> usernames) {
        if (lookup.isEmpty()) {
            throw ProblemException.unavailable(
                    "This service cannot tell who that is: its operator gave it nothing to ask the user service with.",
                    RETRY_AFTER,
                    null);
        }
        try {
            return ask(lookup.get(), ids, usernames).stream().findFirst();
        } catch (PeerUnavailableException e) {
            throw unavailable(e.retryAfter(), e);
        } catch (ServiceTokenException e) {
            throw unavailable(RETRY_AFTER, e);
        }
    }

    /**
     * Who persons are. Those are left out whom nobody knows, or whom nobody could tell of now.
     *
     * @param ids of any number
     */
    public Map<UUID, KnownUser> byIds(Collection<UUID> ids) {
        Map<UUID, KnownUser> result = new HashMap<>();
        List<UUID> toAsk = new ArrayList<>();
        for (UUID id : new HashSet<>(ids)) {
            Optional<Told> entry = entry(id);
            if (entry.isPresent() && entry.get().isOf(FRESH, clock.instant())) {
                result.put(id, entry.get().user());
            } else {
                toAsk.add(id);
            }
        }
        if (lookup.isEmpty()) {
            return result;
        }
        try {
            for (int from = 0; from < toAsk.size(); from += UserLookup.MOST) {
                List<UUID> part = toAsk.subList(from, Math.min(toAsk.size(), from + UserLookup.MOST));
                ask(lookup.get(), part, List.of()).forEach(user -> result.put(user.id(), user));
            }
        } catch (PeerUnavailableException | ServiceTokenException e) {
            LOGGER.log(Level.DEBUG, "Names are told as they were known before", e);
            toAsk.stream()
                    .filter(id -> !result.containsKey(id))
                    .flatMap(id -> entry(id).stream())
                    .filter(entry -> entry.isOf(KEPT, clock.instant()))
                    .forEach(entry -> result.put(entry.user().id(), entry.user().staleSince(entry.at())));
        }
        return result;
    }

    /** Forgets a person, whose account is deleted. */
    public void forget(UUID id) {
        synchronized (known) {
            known.remove(id);
            deletions++;
        }
    }

    private List<KnownUser> ask(UserLookup userService, List<UUID> ids, List<String> usernames) {
        long before;
        synchronized (known) {
            before = deletions;
        }
        List<KnownUser> found = userService.find(ids, usernames);
        synchronized (known) {
            // Another replica may have learnt that they are gone.
            ids.forEach(known::remove);
            // The answer may be older than a deletion that came meanwhile.
            if (before == deletions) {
                found.forEach(user -> known.put(user.id(), new Told(user, clock.instant())));
            }
        }
        return found;
    }

    private Optional<Told> entry(UUID id) {
        synchronized (known) {
            return Optional.ofNullable(known.get(id));
        }
    }

    private static ProblemException unavailable(Duration retryAfter, Exception cause) {
        return ProblemException.unavailable(
                "Nobody can tell now who that is, as the user service does not answer. Try again later.",
                retryAfter,
                cause);
    }

    private record Told(KnownUser user, Instant at) {
        boolean isOf(Duration last, Instant now) {
            return at.plus(last).isAfter(now);
        }
    }

    private static final class LeastRecentlyUsed extends LinkedHashMap<UUID, Told> {
        private static final float LOAD_FACTOR = 0.75f;
        private static final long serialVersionUID = 1;

        LeastRecentlyUsed() {
            super(16, LOAD_FACTOR, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Told> eldest) {
            return size() > MOST;
        }
    }
}
