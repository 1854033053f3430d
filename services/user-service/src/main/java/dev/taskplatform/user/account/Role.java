// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.json.Choice;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a person may do. */
public enum Role implements Choice {
    /** Everyone. */
    USER,
    /** Manages the others' accounts. */
    ADMIN;

    /** The role with this name. */
    public static Optional<Role> find(String text) {
        return Choice.find(Role.class, text);
    }

    /** The names of roles, in a fixed order. */
    static List<String> texts(Set<Role> roles) {
        return Arrays.stream(values()).filter(roles::contains).map(Role::text).toList();
    }

    /** Words parted by spaces, in a fixed order. */
    static String join(Set<Role> roles) {
        return String.join(" ", texts(roles));
    }

    /** What {@link #join} made; roles of a later version are left out. */
    static Set<Role> split(String text) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : text.split(" ")) {
            find(word).ifPresent(roles::add);
        }
        return Set.copyOf(roles);
    }
}
