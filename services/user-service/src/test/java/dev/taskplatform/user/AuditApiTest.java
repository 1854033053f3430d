// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit log for administrators, over HTTP and held to the document. */
class AuditApiTest extends ApiTest {
    private static final String PATH = "/v1/admin/audit";

    private String admin;

    AuditApiTest() {
        super("admin-audit");
    }

    @BeforeEach
    void signInAsAdministrator() {
        admin = authorized();
    }

    @Override
    String authorized() {
        return administrator();
    }

    @Test
    void tellsWhatWasDoneToAnAccount() {
        String id = register("ann", PASSWORD).json().get("id").asText();
        signIn("ann", "wrong horse");
        signIn("ann", PASSWORD);

        JsonNode items = list("?userId=" + id).json().get("items");

        assertThat(items.findValuesAsText("kind"))
                .containsSubsequence("sign-in.succeeded", "sign-in.failed", "account.registered");
        JsonNode registered = items.get(items.size() - 1);
        assertThat(registered.at("/actor/address").asText()).isEqualTo("127.0.0.1");
        assertThat(registered.get("occurredAt").asText()).isEqualTo(START.toString());
        assertThat(registered.get("requestId").asText()).isNotEmpty();
        assertThat(registered.get("userId").asText()).isEqualTo(id);
    }

    @Test
    void pages() {
        register("bob", PASSWORD);
        List<String> paged = new ArrayList<>();
        ApiResponse page = list("?limit=1");
        while (page.json().has("next")) {
            paged.addAll(page.json().get("items").findValuesAsText("requestId"));
            assertThat(page.header("Link").orElseThrow())
                    .contains(page.json().get("next").asText());
            page = list("?limit=1&cursor=" + page.json().get("next").asText());
        }
        paged.addAll(page.json().get("items").findValuesAsText("requestId"));

        assertThat(paged)
                .isEqualTo(list("?limit=200").json().get("items").findValuesAsText("requestId"))
                .hasSizeGreaterThan(2);
    }

    @Test
    void filters() {
        String id = register("eve", PASSWORD).json().get("id").asText();

        assertThat(list("?kind=account.registered&userId=" + id).json().get("items"))
                .hasSize(1);
        assertThat(list("?kind=account.deleted&userId=" + id).json().get("items"))
                .isEmpty();
        assertThat(list("?actorId=0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50").json().get("items"))
                .isEmpty();
        assertThat(list("?userId=" + id + "&from=" + START).json().get("items")).isNotEmpty();
        assertThat(list("?userId=" + id + "&to=" + START).json().get("items")).isEmpty();
        String elsewhere = URLEncoder.encode("2026-03-01T14:00:00.000001+02:00", StandardCharsets.UTF_8);
        assertThat(list("?userId=" + id + "&to=" + elsewhere).json().get("items"))
                .isNotEmpty();
    }

    @Test
    void bindsACursorToItsFilter() {
        String cursor = list("?limit=1").json().get("next").asText();
        assertThat(list("?limit=1&kind=account.registered&cursor=" + cursor).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "userId=1",
                "actorId=",
                "kind=A",
                "kind=",
                "from=yesterday",
                "from=2026-03-01",
                "to=1969-12-31T23:59:59Z",
                "to=%2B10000-01-01T00:00:00Z",
                "limit=0",
                "limit=201",
                "cursor=x",
                "user=1",
                "kind=a&kind=b"
            })
    void refusesOtherParameters(String query) {
        assertThat(list("?" + query).status()).isEqualTo(400);
    }

    @Test
    void isForAdministrators() {
        register("ordinary", PASSWORD);
        String ordinary = token(signIn("ordinary", PASSWORD));

        assertThat(api.get(PATH).bearer(ordinary).send().status()).isEqualTo(403);
    }

    private ApiResponse list(String query) {
        return api.get(PATH + query).bearer(admin).send();
    }
}
