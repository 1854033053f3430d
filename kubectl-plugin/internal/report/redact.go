// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Redacted stands where something was taken out.
const Redacted = "[redacted]"

const shortestSecret = 6 // characters; shorter values would be found in words that are none

// sensitive are the names of what is secret, as the last part of a name: DB_PASSWORD is, passwordMinLength is not.
const sensitive = `(?:passwords?|passwd|passphrase|pwd|secrets?|tokens?|api[-_.]?keys?|private[-_.]?keys?|encryption[-_.]?keys?|` +
	`access[-_.]?keys?|secret[-_.]?keys?|signing[-_.]?keys?|credentials?|authorization|cookie|dsn)`

var (
	endsSensitive = regexp.MustCompile(`(?i)` + sensitive + `$`)
	hasSensitive  = regexp.MustCompile(`(?i)` + sensitive)
	// A line of YAML: all that comes after the name.
	line = regexp.MustCompile(`(?im)^([ \t]*(?:-[ \t]+)?["']?[a-z0-9_./-]*` + sensitive + `["']?[ \t]*:[ \t]+)(\S.*)$`)
	// NAME=value, NAME: value, "NAME":"value" anywhere, up to the closing quote or the next space.
	assignment = regexp.MustCompile(`(?i)(\b[a-z0-9_./-]*` + sensitive + `\\?["']?[ \t]*[:=][ \t]*)` +
		`(\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|(?:bearer|basic)[ \t]+\S+|[^\s"']+)`)
	// What the headers of HTTP, connections, tokens and keys look like.
	scheme   = regexp.MustCompile(`(?i)\b(bearer|basic)[ \t]+[a-z0-9+/_.~=-]{8,}`)
	userinfo = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*):[^\s/@"']+@`)
	jwt      = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)*`)
	pem      = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	// What is no secret, whatever it is called.
	plain = regexp.MustCompile(`^(?i:true|false|null|\[\]|\{\}|""|''|\d{1,3}),?$`)
)

// harmless are keys of Secrets whose values are no secrets, and are all over the report.
var harmless = []string{
	"host", "hostname", "port", "dbname", "database", "user", "username", "namespace", "ca.crt", "tls.crt", "sslmode", "type",
}

// digest is an annotation that only tells one connection from another.
const digest = "taskplatform.dev/database-credentials"

// Redactor takes secrets out of what goes into the report: the values of the Secrets that it was told of, and what looks like one.
type Redactor struct {
	values *strings.Replacer
}

// NewRedactor takes the data of Secrets.
func NewRedactor(secrets []map[string][]byte) *Redactor {
	var pairs []string
	var values []string
	for _, data := range secrets {
		for key, value := range data {
			text := strings.TrimSpace(string(value))
			if len(text) >= shortestSecret && !slices.Contains(harmless, strings.ToLower(key)) {
				values = append(values, text, base64.StdEncoding.EncodeToString(value), base64.StdEncoding.EncodeToString([]byte(text)),
					url.QueryEscape(text), url.PathEscape(text), inJSON(text))
			}
		}
	}
	// A replacer takes the first that fits: the longest have to come first.
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, value := range slices.Compact(values) {
		pairs = append(pairs, value, Redacted)
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// inJSON is a text as it is between the quotes of JSON.
func inJSON(text string) string {
	return strings.NewReplacer("\\", `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text)
}

// Text redacts a text.
func (r *Redactor) Text(text string) string {
	text = r.values.Replace(text)
	text = pem.ReplaceAllString(text, Redacted)
	text = userinfo.ReplaceAllString(text, "$1:"+Redacted+"@")
	text = unlessPlain(line, text)
	text = unlessPlain(assignment, text)
	text = scheme.ReplaceAllString(text, "$1 "+Redacted)
	return jwt.ReplaceAllString(text, Redacted)
}

// unlessPlain takes out the second group of a pattern.
func unlessPlain(pattern *regexp.Regexp, text string) string {
	var redacted strings.Builder
	from := 0
	for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
		name, value := text[at[2]:at[3]], text[at[4]:at[5]]
		if plain.MatchString(strings.TrimSpace(value)) || strings.Contains(name, digest) {
			continue
		}
		redacted.WriteString(text[from:at[4]])
		redacted.WriteString(Redacted)
		from = at[5]
	}
	redacted.WriteString(text[from:])
	return redacted.String()
}

// Object redacts a JSON value in place and returns it: all of its strings, and those that their names say are secret. What an
// object of Kubernetes keeps beside what it is (managed fields, what kubectl has applied last) is left out.
func (r *Redactor) Object(value any) any {
	switch found := value.(type) {
	case map[string]any:
		delete(found, "managedFields")
		if annotations, is := found["annotations"].(map[string]any); is {
			delete(annotations, "kubectl.kubernetes.io/last-applied-configuration")
		}
		if name, is := found["name"].(string); is && hasSensitive.MatchString(name) {
			if _, is := found["value"].(string); is {
				found["value"] = Redacted // a variable of the environment
			}
		}
		for key, inner := range found {
			if text, is := inner.(string); is && endsSensitive.MatchString(key) && key != digest && !plain.MatchString(text) && text != "" {
				found[key] = Redacted
			} else {
				found[key] = r.Object(inner)
			}
		}
	case []any:
		for i, inner := range found {
			found[i] = r.Object(inner)
		}
	case string:
		return r.Text(found)
	}
	return value
}
