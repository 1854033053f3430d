// SPDX-License-Identifier: Apache-2.0

// Package interop lets go-oidc and x/oauth2, the libraries of most Go services, go through the flows.
package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type client struct {
	ID          string
	Secret      string
	RedirectURI string `json:"redirect_uri"`
	Scope       string
	Namespace   string
	Account     string
}

// stage is what stage/__main__.py has started.
type stage struct {
	Issuer  string
	Tasks   string
	Helper  string
	Person  struct{ Username, Password string }
	Clients map[string]client
}

func onStage(t *testing.T) (stage, *oidc.Provider) {
	t.Helper()
	text, err := os.ReadFile(os.Getenv("INTEROP_STAGE"))
	must(t, err)
	var its stage
	must(t, json.Unmarshal(text, &its))
	// It refuses an issuer that is not exactly the one asked for.
	provider, err := oidc.NewProvider(t.Context(), its.Issuer)
	must(t, err)
	return its, provider
}

func (s stage) config(provider *oidc.Provider, name string) *oauth2.Config {
	its := s.Clients[name]
	endpoint := provider.Endpoint()
	if its.Secret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID:     its.ID,
		ClientSecret: its.Secret,
		Endpoint:     endpoint,
		RedirectURL:  its.RedirectURI,
		Scopes:       strings.Fields(its.Scope),
	}
}

// visit has the person open the address, sign in and allow; the parameters that the browser brings back.
func (s stage) visit(t *testing.T, address string) url.Values {
	t.Helper()
	asked, err := json.Marshal(map[string]any{
		"url": address, "username": s.Person.Username, "password": s.Person.Password,
	})
	must(t, err)
	response, err := http.Post(s.Helper+"/person", "application/json", bytes.NewReader(asked))
	must(t, err)
	defer response.Body.Close()
	var end struct{ Location, Page string }
	must(t, json.NewDecoder(response.Body).Decode(&end))
	if end.Location == "" {
		t.Fatalf("the person got stuck: %s", end.Page)
	}
	back, err := url.Parse(end.Location)
	must(t, err)
	return back.Query()
}

func (s stage) signIn(t *testing.T, config *oauth2.Config, nonce string) *oauth2.Token {
	t.Helper()
	verifier := oauth2.GenerateVerifier()
	answer := s.visit(t, config.AuthCodeURL("the state", oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)))
	if answer.Get("state") != "the state" {
		t.Fatalf("another state: %v", answer)
	}
	if answer.Get("iss") != s.Issuer {
		t.Fatalf("another issuer: %v", answer)
	}
	token, err := config.Exchange(t.Context(), answer.Get("code"), oauth2.VerifierOption(verifier))
	must(t, err)
	return token
}

func TestSignsAPersonIn(t *testing.T) {
	for _, name := range []string{"web", "native"} {
		t.Run(name, func(t *testing.T) {
			its, provider := onStage(t)
			config := its.config(provider, name)

			token := its.signIn(t, config, "the nonce")

			raw, _ := token.Extra("id_token").(string)
			verified, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(t.Context(), raw)
			must(t, err)
			if verified.Nonce != "the nonce" {
				t.Errorf("another nonce: %q", verified.Nonce)
			}
			must(t, verified.VerifyAccessToken(token.AccessToken))
			about, err := provider.UserInfo(t.Context(), config.TokenSource(t.Context(), token))
			must(t, err)
			var claims struct {
				PreferredUsername string `json:"preferred_username"`
			}
			must(t, about.Claims(&claims))
			if about.Subject != verified.Subject || claims.PreferredUsername != its.Person.Username {
				t.Errorf("somebody else: %+v, %+v", about, claims)
			}
		})
	}
}

// One that reads no metadata takes RS256 and nothing else.
func TestSignsIDTokensAsTheClientWants(t *testing.T) {
	for name, algorithms := range map[string][]string{"web": nil, "compact": {oidc.ES256}} {
		t.Run(name, func(t *testing.T) {
			its, provider := onStage(t)
			config := its.config(provider, name)
			keys := oidc.NewRemoteKeySet(t.Context(), its.Issuer+"/.well-known/jwks.json")
			raw, _ := its.signIn(t, config, "").Extra("id_token").(string)

			verifier := oidc.NewVerifier(
				its.Issuer, keys, &oidc.Config{ClientID: config.ClientID, SupportedSigningAlgs: algorithms})

			_, err := verifier.Verify(t.Context(), raw)
			must(t, err)
		})
	}
}

// A service may read a token of its caller's in the same way, as long as it expects the right audience.
func TestChecksAnAccessTokenWithTheKeysOfTheProvider(t *testing.T) {
	its, provider := onStage(t)
	token := its.signIn(t, its.config(provider, "web"), "")

	verified, err := provider.Verifier(&oidc.Config{SkipClientIDCheck: true}).Verify(t.Context(), token.AccessToken)
	must(t, err)
	if slices.Contains(verified.Audience, its.Clients["web"].ID) {
		t.Errorf("an access token could be taken for an ID token: its audience is %v", verified.Audience)
	}
}

func TestRefreshesAnExpiredToken(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "native")
	token := its.signIn(t, config, "")
	expired := *token
	expired.Expiry = time.Now().Add(-time.Minute)

	refreshed, err := config.TokenSource(t.Context(), &expired).Token()

	must(t, err)
	if refreshed.RefreshToken == token.RefreshToken {
		t.Error("the refresh token does not rotate")
	}
	if _, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(refreshed)); err != nil {
		t.Error(err)
	}
}

// Replicas of a client that share a refresh token: all must go on, with the same one.
func TestRefreshesAtOnceFromSeveralPlaces(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "web")
	token := its.signIn(t, config, "")
	expired := *token
	expired.Expiry = time.Now().Add(-time.Minute)

	const places = 8
	successors := make([]string, places)
	var group sync.WaitGroup
	for place := range places {
		group.Go(func() {
			refreshed, err := config.TokenSource(t.Context(), &expired).Token()
			if err != nil {
				t.Error(err)
				return
			}
			successors[place] = refreshed.RefreshToken
		})
	}
	group.Wait()

	slices.Sort(successors)
	if distinct := slices.Compact(successors); len(distinct) != 1 {
		t.Errorf("%d successors of one refresh token", len(distinct))
	}
}

func TestTakesACodeOnce(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "native")
	verifier := oauth2.GenerateVerifier()
	code := its.visit(t, config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))).Get("code")
	_, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	must(t, err)

	_, err = config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))

	refusedAs(t, err, "invalid_grant")
}

func TestWantsTheVerifierOfTheChallenge(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "native")
	code := its.visit(t, config.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()))).Get("code")

	_, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(oauth2.GenerateVerifier()))

	refusedAs(t, err, "invalid_grant")
}

func TestHasNoPasswordGrant(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "web")

	_, err := config.PasswordCredentialsToken(t.Context(), its.Person.Username, its.Person.Password)

	refusedAs(t, err, "unsupported_grant_type")
}

func TestGivesAServiceItsOwnToken(t *testing.T) {
	for name, style := range map[string]oauth2.AuthStyle{
		"basic": oauth2.AuthStyleInHeader, "post": oauth2.AuthStyleInParams, "found out": oauth2.AuthStyleAutoDetect,
	} {
		t.Run(name, func(t *testing.T) {
			its, provider := onStage(t)
			worker := its.Clients["worker"]
			config := clientcredentials.Config{
				ClientID:     worker.ID,
				ClientSecret: worker.Secret,
				TokenURL:     provider.Endpoint().TokenURL,
				Scopes:       strings.Fields(worker.Scope),
				AuthStyle:    style,
			}

			token, err := config.Token(t.Context())

			must(t, err)
			if token.RefreshToken != "" {
				t.Error("a service needs no refresh token (RFC 6749, section 4.4.3)")
			}
			if token.Expiry.Before(time.Now()) {
				t.Errorf("it has expired at %v", token.Expiry)
			}
		})
	}
}

func TestTakesAServiceAccountsToken(t *testing.T) {
	its, provider := onStage(t)
	pod := its.Clients["pod"]
	response, err := http.Get(its.Helper + "/token?" + url.Values{
		"namespace": {pod.Namespace}, "account": {pod.Account}, "audience": {its.Issuer},
	}.Encode())
	must(t, err)
	defer response.Body.Close()
	assertion, err := io.ReadAll(response.Body)
	must(t, err)
	config := clientcredentials.Config{
		ClientID:  pod.ID,
		TokenURL:  provider.Endpoint().TokenURL,
		Scopes:    strings.Fields(pod.Scope),
		AuthStyle: oauth2.AuthStyleInParams,
		EndpointParams: url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {string(assertion)},
		},
	}

	_, err = config.Token(t.Context())

	must(t, err)
}

// The task service as another team's program would use it.
func TestCallsTheTaskService(t *testing.T) {
	its, provider := onStage(t)
	config := its.config(provider, "web")
	token := its.signIn(t, config, "")

	response, err := config.Client(context.Background(), token).Get(its.Tasks + "/v1/tasks")

	must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}

func refusedAs(t *testing.T, err error, code string) {
	t.Helper()
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused: %v", err)
	}
	if refusal.ErrorCode != code {
		t.Errorf("refused as %q: %v", refusal.ErrorCode, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
