// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration of clients by administrators. */
class AdminClientsApiTest extends ApiTest {
    private static final String CLIENTS = "/v1/admin/clients";

    AdminClientsApiTest() {
        super("admin-clients");
    }

    @Override
    String authorized() {
        return administrator();
    }

    @Test
    void isForAdministrators() {
        String person = super.authorized();
        assertThat(api.get(CLIENTS).bearer(person).send().status()).isEqualTo(403);
    }

    @Test
    void showsTheSecretOnce() {
        String admin = authorized();
        ApiResponse made = make(admin, web("once"));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.json().get("clientSecret").asText()).hasSize(43);

        ApiResponse read =
                api.get(made.header("Location").orElseThrow()).bearer(admin).send();
        assertThat(read.body()).doesNotContain(made.json().get("clientSecret").asText());
        assertThat(read.json().get("redirectUris").get(0).asText()).isEqualTo("https://once.example/callback");
        assertThat(read.header("ETag")).contains("\"1\"");
        assertThat(api.get(CLIENTS + "/once")
                        .bearer(admin)
                        .header("If-None-Match", "\"1\"")
                        .send()
                        .status())
                .isEqualTo(304);
        try (Database behindItsBack = database.open()) {
            assertThat(behindItsBack.<List<String>, RuntimeException>read(handle -> handle.createQuery(
                                    "SELECT details FROM audit_entry WHERE kind = 'client.created'")
                            .mapTo(String.class)
                            .list()))
                    .anyMatch(details -> details.contains("\"once\""))
                    .noneMatch(details ->
                            details.contains(made.json().get("clientSecret").asText()));
        }
    }

    @Test
    void makesIdsAndGivesPublicClientsNoSecret() {
        String admin = authorized();
        JsonNode made = make(admin, """
                {"name": "Phone", "type": "public", "redirectUris": ["com.example.phone:/callback"],
                 "grantTypes": ["authorization_code"], "scopes": ["openid"]}""").json();
        assertThat(made.get("clientId").asText()).startsWith("client-");
        assertThat(made.has("clientSecret")).isFalse();
        assertThat(api.post(CLIENTS + "/" + made.get("clientId").asText() + "/secret", "{}")
                        .bearer(admin)
                        .header("If-Match", "*")
                        .send()
                        .status())
                .isEqualTo(400);
        assertThat(api.request("DELETE", CLIENTS + "/" + made.get("clientId").asText() + "/secret/previous")
                        .bearer(admin)
                        .header("If-Match", "*")
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"taken", "taskplatform", "taskplatform-browser"})
    void refusesIdsThatAreTaken(String id) {
        String admin = authorized();
        make(admin, web("taken"));
        assertThat(make(admin, web(id)).status()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /name         | "name": "Calendar"                              | "name": ""
            /name         | "name": "Calendar"                              | "name": "\\u202eevil"
            /clientId     | "clientId": "calendar"                          | "clientId": "a"
            /clientId     | "clientId": "calendar"                          | "clientId": "0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50"
            /type         | "type": "confidential"                          | "type": "secret"
            /type         | "type": "confidential",                         |
            /redirectUris | ["https://calendar.example/callback"]           | ["http://calendar.example/callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["http://localhost/callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https://calendar.example/#x"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https://*.example/callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https://me@calendar.example/"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https:///callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["HTTPS://calendar.example/"]
            /redirectUris | ["https://calendar.example/callback"]           | ["com.example.app:/callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["javascript:alert(1)"]
            /redirectUris | ["https://calendar.example/callback"]           | ["/callback"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https://ex ample/"]
            /redirectUris | ["https://calendar.example/callback"]           | ["https://exämple/"]
            /redirectUris | ["https://calendar.example/callback"]           | [""]
            /redirectUris | ["https://calendar.example/callback"]           | []
            /redirectUris | ["https://calendar.example/callback"]           | "https://calendar.example/"
            /redirectUris | ["https://calendar.example/callback"]           | [1]
            /grantTypes   | "grantTypes": ["authorization_code", "refresh_token"], |
            /grantTypes   | ["authorization_code", "refresh_token"]         | ["password"]
            /grantTypes   | "confidential"                                  | "public", "firstParty": 1
            /scopes       | ["openid", "tasks", "offline_access"]           | ["everything"]
            /scopes       | ["openid", "tasks", "offline_access"]           | ["account"]
            /scopes       | ["openid", "tasks", "offline_access"]           | ["introspect"]
            /scopes       | ["authorization_code", "refresh_token"]         | ["authorization_code"]
            """)
    void refusesWhatCannotWork(String pointer, String from, String to) {
        String body = web("calendar").replace(from, to == null ? "" : to);
        assertThat(body).isNotEqualTo(web("calendar"));
        ApiResponse response = make(authorized(), body);
        assertThat(response.status()).as(body).isEqualTo(400);
        String expected = pointer.equals("/grantTypes") && body.contains("firstParty") ? "/firstParty" : pointer;
        assertThat(response.json().get("errors").findValuesAsText("pointer")).contains(expected);
    }

    @Test
    void refusesPublicClientsThatActForThemselves() {
        ApiResponse response = make(authorized(), """
                {"name": "Robot", "type": "public", "grantTypes": ["client_credentials", "refresh_token"],
                 "scopes": ["events", "openid"]}""");
        assertThat(response.json().get("errors").findValuesAsText("detail"))
                .anyMatch(detail -> detail.contains("confidential"))
                .anyMatch(detail -> detail.contains("refresh_token"))
                .anyMatch(detail -> detail.contains("persons"));
    }

    @Test
    void letsFirstPartyClientsHaveTheAccount() {
        String body = web("own-web").replace("\"scopes\": [", "\"firstParty\": true, \"scopes\": [\"account\", ");
        assertThat(make(authorized(), body).status()).isEqualTo(201);
    }

    @Test
    void keepsWhatIdTokensAreSignedBy() {
        String admin = authorized();
        String compact = web("short").replace("\"scopes\"", "\"idTokenSignedResponseAlg\": \"ES256\", \"scopes\"");
        assertThat(algorithm(make(admin, web("usual")))).isEqualTo("RS256");
        assertThat(algorithm(make(admin, compact))).isEqualTo("ES256");

        assertThat(algorithm(patch(admin, "short", "*", "{\"name\": \"Other\"}")))
                .isEqualTo("ES256");
        rotate(admin, "short", "*", "{}");
        assertThat(algorithm(api.get(CLIENTS + "/short").bearer(admin).send())).isEqualTo("ES256");
        assertThat(algorithm(patch(admin, "short", "*", "{\"idTokenSignedResponseAlg\": \"RS256\"}")))
                .isEqualTo("RS256");
        ApiResponse none = patch(admin, "short", "*", "{\"idTokenSignedResponseAlg\": \"none\"}");
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.json().get("errors").findValuesAsText("pointer")).containsExactly("/idTokenSignedResponseAlg");
    }

    @Test
    void pagesById() {
        String admin = authorized();
        IntStream.range(0, 5).forEach(i -> make(admin, web("page-" + i)));
        List<String> seen = new ArrayList<>();
        String path = CLIENTS + "?limit=2";
        while (path != null) {
            ApiResponse page = api.get(path).bearer(admin).send();
            seen.addAll(page.json().get("items").findValuesAsText("clientId"));
            path = page.json().has("next")
                    ? CLIENTS + "?limit=2&cursor=" + page.json().get("next").asText()
                    : null;
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted().contains("page-0", "page-4");
        assertThat(api.get(CLIENTS + "?limit=0").bearer(admin).send().status()).isEqualTo(400);
        assertThat(api.get(CLIENTS + "?cursor=!").bearer(admin).send().status()).isEqualTo(400);
    }

    @Test
    void changesWhatItWasMeantFor() {
        String admin = authorized();
        make(admin, web("changing"));
        ApiResponse changed = patch(admin, "changing", "\"1\"", "{\"name\": \"Other\", \"scopes\": [\"openid\"]}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("name").asText()).isEqualTo("Other");
        assertThat(changed.json().get("scopes")).hasSize(1);
        assertThat(changed.json().get("grantTypes")).hasSize(2);
        assertThat(changed.header("ETag")).contains("\"2\"");

        assertThat(patch(admin, "changing", "\"1\"", "{}").status()).isEqualTo(412);
        assertThat(patch(admin, "changing", "*", "{\"type\": \"public\"}").status())
                .isEqualTo(400);
        assertThat(patch(admin, "nobody", "*", "{}").status()).isEqualTo(404);
        assertThat(api.request("PATCH", CLIENTS + "/changing")
                        .bearer(admin)
                        .body("application/merge-patch+json", "{}")
                        .send()
                        .status())
                .isEqualTo(428);
    }

    @Test
    void removes() {
        String admin = authorized();
        make(admin, web("leaving"));
        assertThat(delete(admin, "/leaving", null)).isEqualTo(428);
        assertThat(delete(admin, "/leaving", "\"9\"")).isEqualTo(412);
        assertThat(delete(admin, "/leaving", "\"1\"")).isEqualTo(204);
        assertThat(delete(admin, "/leaving", "\"1\"")).isEqualTo(404);
        assertThat(api.get(CLIENTS + "/leaving").bearer(admin).send().status()).isEqualTo(404);
    }

    @Test
    void rotatesSecretsWithOverlap() {
        String admin = authorized();
        String first = make(admin, web("rotating")).json().get("clientSecret").asText();
        ApiResponse rotated = rotate(admin, "rotating", "\"1\"", "{\"overlap\": \"PT2H\"}");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.json().get("clientSecret").asText()).isNotEqualTo(first);
        assertThat(rotated.json().get("previousSecretExpiresAt").asText())
                .isEqualTo(START.plus(Duration.ofHours(2)).toString());

        assertThat(rotate(admin, "rotating", "\"1\"", "{}").status()).isEqualTo(412);
        assertThat(rotate(admin, "rotating", "*", "{\"overlap\": \"P31D\"}").status())
                .isEqualTo(400);
        assertThat(rotate(admin, "rotating", "*", "{\"overlap\": \"soon\"}").status())
                .isEqualTo(400);
        assertThat(rotate(admin, "nobody", "*", "{}").status()).isEqualTo(404);
        assertThat(api.post(CLIENTS + "/rotating/secret", "{}")
                        .bearer(admin)
                        .send()
                        .status())
                .isEqualTo(428);

        assertThat(delete(admin, "/rotating/secret/previous", null)).isEqualTo(428);
        assertThat(delete(admin, "/rotating/secret/previous", "\"1\"")).isEqualTo(412);
        assertThat(delete(admin, "/nobody/secret/previous", "*")).isEqualTo(404);
        assertThat(delete(admin, "/rotating/secret/previous", "\"2\"")).isEqualTo(200);
        assertThat(api.get(CLIENTS + "/rotating").bearer(admin).send().json().has("previousSecretExpiresAt"))
                .isFalse();
    }

    @Test
    void letsOneOfManyRotate() throws Exception {
        String admin = authorized();
        make(admin, web("contended"));
        Callable<Integer> attempt =
                () -> rotate(admin, "contended", "\"1\"", "{}").status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : executor.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> attempt).toList())) {
                statuses.add(result.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 412);
    }

    private static String algorithm(ApiResponse client) {
        return client.json().get("idTokenSignedResponseAlg").asText();
    }

    private ApiResponse make(String admin, String body) {
        return api.post(CLIENTS, body).bearer(admin).send();
    }

    private ApiResponse patch(String admin, String id, String ifMatch, String body) {
        return api.request("PATCH", CLIENTS + "/" + id)
                .bearer(admin)
                .header("If-Match", ifMatch)
                .body("application/merge-patch+json", body)
                .send();
    }

    private ApiResponse rotate(String admin, String id, String ifMatch, String body) {
        return api.post(CLIENTS + "/" + id + "/secret", body)
                .bearer(admin)
                .header("If-Match", ifMatch)
                .send();
    }

    private int delete(String admin, String path, String ifMatch) {
        var request = api.request("DELETE", CLIENTS + path).bearer(admin);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch))
                .send()
                .status();
    }

    private static String web(String id) {
        return """
                {"clientId": "%1$s", "name": "Calendar", "type": "confidential",
                 "redirectUris": ["https://%1$s.example/callback"],
                 "grantTypes": ["authorization_code", "refresh_token"],
                 "scopes": ["openid", "tasks", "offline_access"]}""".formatted(id);
    }
}
