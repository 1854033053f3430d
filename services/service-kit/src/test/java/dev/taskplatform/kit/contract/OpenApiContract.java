// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.taskplatform.kit.server.RegisteredRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of the service under test, and what of it has been seen. */
public final class OpenApiContract {
    private static final String FILE = "META-INF/openapi.yaml";
    /** Names the document so that schemas taken out of it still find their references. */
    private static final String ID = "https://contract.test/openapi.json";

    private static final String FORM = "application/x-www-form-urlencoded";

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final ObjectMapper json = new ObjectMapper();
    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final SchemaValidatorsConfig settings =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    private OpenApiContract(JsonNode document) {
        this.document = document;
        this.schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ID, document.toString()))));
    }

    /** The document on the class path. */
    public static OpenApiContract load() {
        try (InputStream file = OpenApiContract.class.getClassLoader().getResourceAsStream(FILE)) {
            Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
            return new OpenApiContract(new ObjectMapper().valueToTree(parsed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fails unless the document has this route, and for it this status with this content type, body and headers; and,
     * if the service accepted the request, this request body.
     */
    void check(String method, String path, String requestType, String requestBody, ApiResponse response) {
        String template = template(path.replaceFirst("\\?.*", ""));
        JsonNode operation = document.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
        String what = method + " " + template;
        assertThat(operation.isObject()).as(what + " is in the document").isTrue();

        String status = Integer.toString(response.status());
        JsonNode responses = operation.path("responses");
        JsonNode expected = resolve(responses.path(responses.has(status) ? status : "default"));
        String answer = what + " " + status;
        assertThat(expected.isObject())
                .as(answer + " is in the document; it came with: " + response.body())
                .isTrue();
        checkHeaders(answer, expected.path("headers"), response);
        checkBody(answer, expected.path("content"), response);
        if (response.status() < 300 && !requestBody.isEmpty()) {
            checkRequest(what, operation, requestType, requestBody);
        }
        seen.add(what + " " + status);
    }

    /**
     * Notes an answer whose body does not end, so that only its test can check it; fails unless it is documented.
     *
     * @param operation as in "GET /v1/things"
     */
    public void saw(String operation, int status) {
        String answer = operation + " " + status;
        assertThat(operations().flatMap(known -> known.statuses().stream().map(code -> known.name() + " " + code)))
                .as("documented answers")
                .contains(answer);
        seen.add(answer);
    }

    /** Fails unless every status of every operation with this tag was seen, but for those that {@code default} covers. */
    public void assertComplete(String tag) {
        Set<String> documented = new TreeSet<>();
        operations(tag)
                .forEach(operation -> operation.statuses().stream()
                        .filter(status -> !status.equals("default"))
                        .forEach(status -> documented.add(operation.name() + " " + status)));
        assertThat(documented).as("operations with the tag " + tag).isNotEmpty();
        documented.removeAll(seen);
        assertThat(documented).as("documented and never seen").isEmpty();
    }

    /**
     * Fails unless every route of the service is in the document, and every operation of the document is a route.
     *
     * @param routes the service's, {@code /openapi} and {@code /docs} aside
     */
    public void assertRoutes(Collection<RegisteredRoute> routes) {
        Set<String> registered = routes.stream()
                .filter(route -> !route.pattern().matches("/(openapi|docs)(/.*)?"))
                .map(route -> route.method() + " " + route.pattern())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(registered)
                .as("routes of the service")
                .isEqualTo(operations().map(Operation::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The tags that operations have; each operation has one. */
    public Set<String> tags() {
        return operations().map(Operation::tag).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The operations with a tag. */
    public Stream<Operation> operations(String tag) {
        return operations().filter(operation -> operation.tag().equals(tag));
    }

    /** The example of an operation's request body; an empty object if there is none. */
    String requestExample(Operation operation) {
        JsonNode content = resolve(document.path("paths")
                        .path(operation.path())
                        .path(operation.method().toLowerCase(Locale.ROOT))
                        .path("requestBody"))
                .path("content");
        JsonNode body = content.elements().hasNext() ? content.elements().next() : content;
        if (body.has("example")) {
            return body.path("example").toString();
        }
        JsonNode examples = body.path("examples");
        return examples.isEmpty()
                ? "{}"
                : examples.elements().next().path("value").toString();
    }

    private Stream<Operation> operations() {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .map(member -> operation(path.getKey(), path.getValue(), member)));
    }

    private Operation operation(String template, JsonNode path, Map.Entry<String, JsonNode> member) {
        JsonNode operation = member.getValue();
        String example = template;
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (JsonNode parameters : List.of(path.path("parameters"), operation.path("parameters"))) {
            for (JsonNode reference : parameters) {
                JsonNode parameter = resolve(reference);
                if (parameter.path("in").asText().equals("path")) {
                    example = example.replace(
                            "{" + parameter.path("name").asText() + "}",
                            parameter.path("example").asText());
                }
                if (parameter.path("in").asText().equals("query")
                        && parameter.path("required").asBoolean()) {
                    query.add(parameter.path("name").asText()
                            + "="
                            + URLEncoder.encode(parameter.path("example").asText(), StandardCharsets.UTF_8));
                }
            }
        }
        List<String> mediaTypes = new ArrayList<>();
        resolve(operation.path("requestBody")).path("content").fieldNames().forEachRemaining(mediaTypes::add);
        Set<String> statuses = new TreeSet<>();
        operation.path("responses").fieldNames().forEachRemaining(statuses::add);
        return new Operation(
                member.getKey().toUpperCase(Locale.ROOT),
                template,
                example + query,
                operation.path("tags").path(0).asText(),
                operation.path("security").findValue("accessToken") != null,
                mediaTypes,
                statuses);
    }

    /**
     * An operation of the document.
     *
     * @param method in upper case
     * @param path template
     * @param example the path with the examples of its parameters, and of those of the query that are required
     * @param tag the first
     * @param wantsToken whether it is called with an access token
     * @param mediaTypes of the request's body; empty if it has none
     * @param statuses of its responses
     */
    public record Operation(
            String method,
            String path,
            String example,
            String tag,
            boolean wantsToken,
            List<String> mediaTypes,
            Set<String> statuses) {
        /** Method and path. */
        public String name() {
            return method + " " + path;
        }
    }

    /** Fails unless every example in the document fits its schema. */
    public void assertExamplesFit() {
        checkExamples("", document);
    }

    private void checkExamples(String at, JsonNode node) {
        if (node.has("schema")) {
            if (node.has("example")) {
                assertThat(validate(node.path("schema"), node.path("example")))
                        .as(at + "/example")
                        .isEmpty();
            }
            node.path("examples")
                    .properties()
                    .forEach(example -> assertThat(validate(
                                    node.path("schema"), example.getValue().path("value")))
                            .as(at + "/examples/" + example.getKey())
                            .isEmpty());
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkExamples(at + "/" + i, node.get(i));
            }
        }
        node.properties().forEach(member -> checkExamples(at + "/" + member.getKey(), member.getValue()));
    }

    private void checkHeaders(String what, JsonNode headers, ApiResponse response) {
        headers.properties().forEach(entry -> {
            JsonNode header = resolve(entry.getValue());
            List<String> values = response.headers().allValues(entry.getKey());
            if (header.path("required").asBoolean()) {
                assertThat(values).as(what + " header " + entry.getKey()).isNotEmpty();
            }
            for (String value : values) {
                assertThat(validate(header.path("schema"), new TextNode(value)))
                        .as(what + " header " + entry.getKey() + ": " + value)
                        .isEmpty();
            }
        });
    }

    private void checkBody(String what, JsonNode content, ApiResponse response) {
        if (content.isMissingNode()) {
            assertThat(response.body()).as(what + " has no body").isEmpty();
            return;
        }
        String type = response.header("Content-Type")
                .orElse("none")
                .replaceFirst(";.*", "")
                .strip();
        assertThat(content.has(type)).as(what + " content type " + type).isTrue();
        if (type.endsWith("json")) {
            assertThat(validate(content.path(type).path("schema"), response.json()))
                    .as(what + " " + response.body())
                    .isEmpty();
        }
    }

    private void checkRequest(String what, JsonNode operation, String type, String body) {
        JsonNode content = resolve(operation.path("requestBody")).path("content");
        assertThat(content.isObject())
                .as(what + " has a request body in the document")
                .isTrue();
        String documented =
                type != null && content.has(type) ? type : content.fieldNames().next();
        boolean isForm = documented.equals(FORM);
        if (!isForm && !documented.endsWith("json")) {
            return;
        }
        try {
            JsonNode schema = content.path(documented).path("schema");
            assertThat(validate(schema, isForm ? form(body) : json.readTree(body)))
                    .as(what + " accepted " + body)
                    .isEmpty();
        } catch (IOException e) {
            throw new AssertionError(what + " accepted what is no JSON: " + body, e);
        }
    }

    /** A form as the object that its schema describes. */
    private JsonNode form(String body) {
        ObjectNode fields = json.createObjectNode();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
        }
        return fields;
    }

    private Set<ValidationMessage> validate(JsonNode schema, JsonNode value) {
        JsonSchema compiled = schemas.getSchema(absolute(schema), settings);
        return compiled.validate(value);
    }

    /** The schema with its references pointing into the whole document. */
    private static JsonNode absolute(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        copy.findParents("$ref").forEach(parent -> {
            String reference = parent.get("$ref").asText();
            ((ObjectNode) parent).put("$ref", reference.startsWith("#") ? ID + reference : reference);
        });
        return copy;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The document's path for a request's: one without parameters if there are several. */
    private String template(String path) {
        return document.path("paths").properties().stream()
                .map(Map.Entry::getKey)
                .filter(template -> Pattern.matches(
                        List.of(template.split("/", -1)).stream()
                                .map(segment -> segment.startsWith("{") ? "[^/]+" : Pattern.quote(segment))
                                .collect(Collectors.joining("/")),
                        path))
                .min(Comparator.comparingLong(
                        template -> template.chars().filter(c -> c == '{').count()))
                .orElse(path);
    }
}
