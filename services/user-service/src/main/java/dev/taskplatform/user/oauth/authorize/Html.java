// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A piece of a page. Whatever is put into a template is escaped, unless it is a piece itself.
 *
 * @param markup as it is sent
 */
record Html(String markup) {
    static final Html NOTHING = new Html("");

    /**
     * A piece of a template that is written in this program.
     *
     * @param template with {@code {}} where the values go: as text, or in double quotes as the value of an attribute
     */
    static Html of(String template, Object... values) {
        StringBuilder out = new StringBuilder(template.length() + 128);
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf("{}", from);
            out.append(template, from, hole)
                    .append(value instanceof Html html ? html.markup : escape(value.toString()));
            from = hole + 2;
        }
        return new Html(out.append(template, from, template.length()).toString());
    }

    /** The pieces one after the other. */
    static Html all(Collection<Html> pieces) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining()));
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
