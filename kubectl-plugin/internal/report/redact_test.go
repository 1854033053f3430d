// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

func TestWhatLooksSecretIsTakenOut(t *testing.T) {
	for text, hidden := range map[string]string{
		`password=hunter22`:                                                          "hunter22",
		`DB_PASSWORD=hunter22 next`:                                                  "hunter22",
		`-Dspring.datasource.password=hunter22`:                                      "hunter22",
		`"password":"hunter22"`:                                                      "hunter22",
		`{\"password\":\"hunter22 x\",\"a\":1}`:                                      "hunter22 x",
		`client_secret: 'hunter22 x'`:                                                "hunter22 x",
		`"refresh_token" : "hunter22"`:                                               "hunter22",
		"a: 1\npassword: correct horse, staple\n":                                    "correct horse, staple",
		"- apiKey: hunter,22":                                                        "hunter,22",
		`GET /tasks?password=hunter22&x=1`:                                           "hunter22",
		`Authorization: Bearer abc.def`:                                              "abc.def",
		`sent with bearer hunter22hunter22`:                                          "hunter22hunter22",
		`jdbc:postgresql://app:hunter22@db/app`:                                      "hunter22",
		`postgres://app:hunter22@db:5432/app`:                                        "hunter22",
		`got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl here`:                 "c2lnbmF0dXJl",
		"-----BEGIN EC PRIVATE KEY-----\nTUlHSEFnRUFN\n-----END EC PRIVATE KEY-----": "TUlHSEFnRUFN",
		`encryption-key: TUlHSEFnRUFN`:                                               "TUlHSEFnRUFN",
		`{"encryptionKey": "TUlHSEFnRUFN"}`:                                          "TUlHSEFnRUFN",
	} {
		if got := NewRedactor(nil).Text(text); strings.Contains(got, hidden) || !strings.Contains(got, Redacted) {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestWhatOnlyNamesSecretsStays(t *testing.T) {
	for _, text := range []string{
		"secretName: team-database", "passwordMinLength: 12", "accessTokenLifetime: PT15M", "passwordSecretName: team-admin",
		"automountServiceAccountToken: false", "secret:\n  secretName: db", "imagePullSecrets: []", "tokens: 5",
		"taskplatform.dev/database-credentials: 0a1b2c3d", "secretKeyRef:\n  key: password\n  name: db",
		"the password of ada was wrong", "http://team-user-service.team.svc:80/x@y",
	} {
		if got := NewRedactor(nil).Text(text); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestValuesOfSecretsAreTakenOutWhereverTheyAre(t *testing.T) {
	redactor := NewRedactor([]map[string][]byte{
		{"password": []byte("correct horse\n"), "host": []byte("postgres.example.com"), "port": []byte("5432"), "odd": []byte("correct")},
	})
	text := "said correct horse, " + base64.StdEncoding.EncodeToString([]byte("correct horse")) + " and " +
		base64.StdEncoding.EncodeToString([]byte("correct horse\n")) + " to postgres.example.com:5432"
	want := "said [redacted], [redacted] and [redacted] to postgres.example.com:5432"
	if got := redactor.Text(text); got != want {
		t.Errorf("got %s", got)
	}
}

func TestValuesOfSecretsAreTakenOutAsOtherLanguagesWriteThem(t *testing.T) {
	redactor := NewRedactor([]map[string][]byte{{"password": []byte(`a"b&c/d\e`)}})
	for _, text := range []string{`a"b&c/d\e`, `a%22b%26c%2Fd%5Ce`, `{"said":"a\"b&c/d\\e"}`} {
		if got := redactor.Text(text); !strings.Contains(got, Redacted) || strings.Contains(got, "c/d") || strings.Contains(got, "c%2Fd") {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestSecretsThatASpecNames(t *testing.T) {
	spec := map[string]any{
		"database": map[string]any{"postgres": map[string]any{"secretName": "db"}},
		"admin":    map[string]any{"passwordSecretName": "admin"},
		"env":      []any{map[string]any{"valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "extra", "key": "k"}}}},
		"ingress":  map[string]any{"tls": map[string]any{"secretName": "db"}},
		"name":     "none",
	}
	if got := strings.Join(namedSecrets(spec), " "); got != "admin db extra" {
		t.Errorf("got %s", got)
	}
}

func TestObjectsKeepTheirShape(t *testing.T) {
	var object any
	if err := json.Unmarshal([]byte(`{
		"metadata": {
			"name": "x", "managedFields": [{"manager": "m"}],
			"annotations": {
				"kubectl.kubernetes.io/last-applied-configuration": "{}", "example.com/api-token": "hunter22",
				"taskplatform.dev/database-credentials": "0a1b"
			}
		},
		"spec": {
			"automountServiceAccountToken": true, "replicas": 2,
			"env": [
				{"name": "LOG_LEVEL", "value": "INFO"}, {"name": "OLD_TOKEN_2", "value": "hunter22"},
				{"name": "JAVA_TOOL_OPTIONS", "value": "-Xmx1g -Da.password=hunter22"},
				{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
			]
		}
	}`), &object); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(NewRedactor(nil).Object(object))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"metadata":{"annotations":{"example.com/api-token":"[redacted]","taskplatform.dev/database-credentials":"0a1b"},"name":"x"},` +
		`"spec":{"automountServiceAccountToken":true,"env":[{"name":"LOG_LEVEL","value":"INFO"},{"name":"OLD_TOKEN_2","value":"[redacted]"},` +
		`{"name":"JAVA_TOOL_OPTIONS","value":"-Xmx1g -Da.password=[redacted]"},` +
		`{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"key":"password","name":"db"}}}],"replicas":2}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
