// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container image: {@code [registry/]path/name:tag[@digest]}.
 *
 * @param repository everything before the tag
 * @param tag the tag, with the digest if there is one
 */
public record ImageReference(String repository, String tag) {

    // A colon before the last slash belongs to the registry's port.
    private static final Pattern FORM =
            Pattern.compile("(?<repository>(?:[^/@\\s]+/)*[^/:@\\s]+):(?<tag>[^/:@\\s]+(?:@sha256:[0-9a-f]{64})?)");

    /**
     * @param text full reference
     * @return its parts
     * @throws IllegalArgumentException with the form that is expected, when there is no tag
     */
    public static ImageReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no image reference of the form [registry/]name:tag[@sha256:...]".formatted(text));
        }
        return new ImageReference(matcher.group("repository"), matcher.group("tag"));
    }

    /** @return the last part of the repository */
    public String name() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }
}
