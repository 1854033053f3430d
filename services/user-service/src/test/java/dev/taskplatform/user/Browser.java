// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody at the pages: keeps cookies, finds hidden fields, and follows redirects within the service. */
final class Browser {
    private static final Pattern COOKIE = Pattern.compile("([^=;]+)=([^;]*)(;.*)?");
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private final ApiClient api;
    private final Map<String, String> cookies = new HashMap<>();
    private String address;
    private ApiResponse page;

    Browser(ApiClient api) {
        this.api = api;
    }

    /** Opens an address; a redirect to a page of the service is followed. */
    ApiResponse open(String path) {
        address = path;
        return arrived(api.get(path).header("Cookie", cookieHeader()).send());
    }

    /** Sends the form of the page that is shown: its hidden fields, and names and values in turn. */
    ApiResponse submit(String... fields) {
        Map<String, String> form = hiddenFields();
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return post(form);
    }

    /** Sends any form to the page's address. */
    ApiResponse post(Map<String, String> form) {
        List<String> fields = new ArrayList<>();
        form.forEach((name, value) -> fields.addAll(List.of(name, value)));
        return arrived(api.postForm(address, fields.toArray(String[]::new))
                .header("Cookie", cookieHeader())
                .send());
    }

    Map<String, String> hiddenFields() {
        Map<String, String> form = new LinkedHashMap<>();
        Matcher hidden = HIDDEN.matcher(page.body());
        while (hidden.find()) {
            form.put(hidden.group(1), hidden.group(2));
        }
        return form;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    private ApiResponse arrived(ApiResponse response) {
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            Matcher parts = COOKIE.matcher(cookie);
            if (!parts.matches()) {
                throw new AssertionError("No cookie: " + cookie);
            }
            cookies.put(parts.group(1), parts.group(2));
        }
        page = response;
        String location = response.header("Location").orElse("");
        return location.startsWith("?") ? open("/oauth2/authorize" + location) : response;
    }

    private String cookieHeader() {
        return cookies.isEmpty()
                ? "none=at-all"
                : cookies.entrySet().stream()
                        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; "));
    }
}
