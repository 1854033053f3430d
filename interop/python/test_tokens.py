# SPDX-License-Identifier: Apache-2.0
"""What the tokens are: for whom, for what, until when, and what becomes of them."""

import base64
import hashlib
import time
import uuid

import httpx
import jwt
import pytest
from stage.flow import Flow


def unverified(token):
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


@pytest.fixture
def tokens(web, person):
    return web.tokens(person)


def get(url, token):
    return httpx.get(url, headers={"Authorization": f"Bearer {token}"})


def test_both_discovery_documents_name_the_exact_issuer(stage, metadata):
    oauth = httpx.get(stage["issuer"] + "/.well-known/oauth-authorization-server").raise_for_status()
    assert oauth.headers["Content-Type"].startswith("application/json")
    assert metadata["issuer"] == oauth.json()["issuer"] == stage["issuer"]
    for name, value in oauth.json().items():
        assert metadata[name] == value, name
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "revocation_endpoint",
                 "introspection_endpoint"):
        assert metadata[name].startswith(stage["issuer"] + "/"), name
    assert metadata["response_types_supported"] == ["code"]
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert "password" not in metadata["grant_types_supported"]
    assert {"authorization_code", "refresh_token", "client_credentials"} <= set(metadata["grant_types_supported"])
    assert "openid" in metadata["scopes_supported"]
    assert metadata["subject_types_supported"] == ["public"]
    assert "none" not in metadata["id_token_signing_alg_values_supported"]
    assert {"client_secret_basic", "client_secret_post", "none"} <= set(
        metadata["token_endpoint_auth_methods_supported"])
    # OpenID Connect Discovery, section 3: true unless it says otherwise.
    assert metadata["request_uri_parameter_supported"] is False


def test_a_browser_of_another_origin_may_read_what_is_public(metadata, stage):
    for url in (metadata["jwks_uri"], stage["issuer"] + "/.well-known/openid-configuration"):
        response = httpx.get(url, headers={"Origin": "https://app.example"}).raise_for_status()
        assert "max-age" in response.headers["Cache-Control"]


def test_the_keys_are_public_and_told_apart(metadata):
    keys = httpx.get(metadata["jwks_uri"]).raise_for_status().json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys) > 0
    assert not any({"d", "k", "p", "q"} & set(key) for key in keys)


def test_an_access_token_has_the_profile(tokens, metadata, stage):
    """RFC 9068, section 2."""
    header, claims = unverified(tokens["access_token"])
    now = time.time()
    assert header["typ"] == "at+jwt"
    assert header["alg"] in ("ES256", "EdDSA")
    assert claims["iss"] == metadata["issuer"]
    assert stage["audience"] in ([claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"])
    assert claims["client_id"] == stage["clients"]["web"]["id"]
    assert uuid.UUID(claims["sub"])
    assert claims["jti"]
    assert set(claims["scope"].split()) == set(tokens["scope"].split())
    assert claims["iat"] - 5 <= now < claims["exp"]
    assert abs(claims["exp"] - now - tokens["expires_in"]) < 10
    assert claims["auth_time"] <= claims["iat"] + 1
    assert claims["sid"]


def test_an_id_token_is_for_the_client(tokens, metadata, web):
    """OpenID Connect Core, section 2 and 3.1.3.6."""
    header, claims = unverified(tokens["id_token"])
    _, access = unverified(tokens["access_token"])
    assert header.get("typ", "JWT") == "JWT"
    assert header["alg"] in metadata["id_token_signing_alg_values_supported"]
    assert claims["iss"] == metadata["issuer"]
    assert claims["aud"] in (web.client["id"], [web.client["id"]])
    assert claims["nonce"] == web.nonce
    assert claims["sub"] == access["sub"]
    assert claims["iat"] - 5 <= time.time() < claims["exp"]
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert isinstance(claims["auth_time"], int)


def test_max_age_puts_the_time_of_sign_in_into_the_id_token(web, person):
    _, claims = unverified(web.tokens(person, max_age="3600")["id_token"])
    assert abs(claims["auth_time"] - time.time()) < 60


def test_the_time_of_sign_in_is_that_of_the_sign_in(web, person):
    _, first = unverified(web.tokens(person)["id_token"])
    time.sleep(1.1)  # times of JWTs are whole seconds
    _, second = unverified(web.tokens(person)["id_token"])
    assert second["auth_time"] == first["auth_time"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_answers_either_way(tokens, metadata, method):
    """OpenID Connect Core, section 5.3.1."""
    response = httpx.request(method, metadata["userinfo_endpoint"],
                             headers={"Authorization": f"Bearer {tokens['access_token']}"})
    response.raise_for_status()
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["sub"] == unverified(tokens["id_token"])[1]["sub"]
    assert "no-store" in response.headers["Cache-Control"]


def test_userinfo_says_what_the_scope_allows(web, person, metadata):
    token = web.tokens(person, scope="openid")["access_token"]
    assert set(get(metadata["userinfo_endpoint"], token).json()) == {"sub"}


def test_userinfo_needs_openid(web, person, metadata):
    response = get(metadata["userinfo_endpoint"], web.tokens(person, scope="tasks")["access_token"])
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]


def test_userinfo_is_not_for_services(stage, metadata):
    worker = Flow(metadata, stage["clients"]["worker"])
    token = worker.token(grant_type="client_credentials").raise_for_status().json()["access_token"]
    response = get(metadata["userinfo_endpoint"], token)
    assert response.status_code in (401, 403)
    assert "WWW-Authenticate" in response.headers


def test_an_id_token_is_no_access_token(tokens, metadata, stage):
    for url in (metadata["userinfo_endpoint"], stage["issuer"] + "/v1/users/me", stage["tasks"] + "/v1/tasks"):
        response = get(url, tokens["id_token"])
        assert response.status_code == 401, url
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_the_task_service_takes_the_access_token(tokens, stage):
    get(stage["tasks"] + "/v1/tasks", tokens["access_token"]).raise_for_status()


def test_the_task_service_wants_the_scope(web, person, stage):
    response = get(stage["tasks"] + "/v1/tasks", web.tokens(person, scope="openid")["access_token"])
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]


def test_another_teams_client_does_not_manage_the_account(tokens, stage):
    for path in ("/v1/users/me", "/v1/sessions"):
        response = get(stage["issuer"] + path, tokens["access_token"])
        assert response.status_code == 403, path
        assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]


def test_a_services_token_is_nobodys_account(stage, metadata):
    worker = Flow(metadata, stage["clients"]["worker"])
    token = worker.token(grant_type="client_credentials").raise_for_status().json()["access_token"]
    _, claims = unverified(token)
    assert claims["sub"] == claims["client_id"] == worker.client["id"]
    assert not {"username", "sid", "auth_time"} & set(claims)
    assert claims.get("roles", []) == []
    for url in (stage["issuer"] + "/v1/users/me", stage["issuer"] + "/v1/admin/users", stage["tasks"] + "/v1/tasks"):
        assert get(url, token).status_code == 403, url


def test_a_services_token_reads_the_events(stage, metadata, web, person):
    worker = Flow(metadata, stage["clients"]["worker"])
    token = worker.token(grant_type="client_credentials", scope="events").raise_for_status().json()["access_token"]
    get(stage["issuer"] + "/internal/v1/events", token).raise_for_status()
    refused = get(stage["issuer"] + "/internal/v1/events", web.tokens(person)["access_token"])
    assert refused.status_code == 403


def test_introspection_tells_what_the_token_says(web, tokens, metadata, stage):
    """RFC 7662, section 2.2."""
    _, claims = unverified(tokens["access_token"])
    about = web.introspect(tokens["access_token"])
    assert about["active"] is True
    for name in ("iss", "sub", "client_id", "exp", "iat", "jti"):
        assert about[name] == claims[name], name
    assert about["aud"] in (claims["aud"], [claims["aud"]])
    assert set(about["scope"].split()) == set(claims["scope"].split())
    assert about["token_type"].lower() == "bearer"
    assert about["username"] == stage["person"]["username"]


def test_introspection_knows_refresh_tokens(web, tokens):
    for hint in (None, "refresh_token", "access_token", "no-such-hint"):
        about = web.introspect(tokens["refresh_token"], token_type_hint=hint)
        assert about["active"] is True, hint
        assert about["client_id"] == web.client["id"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\u00e9", "x" * 20_000])
def test_what_is_no_token_is_not_active(web, token):
    assert web.introspect(token) == {"active": False}


def test_an_id_token_is_not_active(web, tokens):
    assert web.introspect(tokens["id_token"]) == {"active": False}


def test_introspection_wants_a_token(web):
    response = web.post("introspection_endpoint")
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_introspection_is_not_for_everybody(native, tokens):
    """RFC 7662, section 2.1: against scanning for tokens."""
    response = native.post("introspection_endpoint", token=tokens["access_token"])
    assert response.status_code in (400, 401, 403)
    assert httpx.post(native.metadata["introspection_endpoint"],
                      data={"token": tokens["access_token"]}).status_code in (400, 401)


def test_a_revoked_refresh_token_ends_the_session(web, tokens):
    assert web.revoke(tokens["refresh_token"]).status_code == 200
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert web.introspect(tokens["refresh_token"]) == {"active": False}
    assert web.introspect(tokens["access_token"]) == {"active": False}


@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "no-such-hint"])
def test_a_hint_is_only_a_hint(web, person, hint):
    """RFC 7009, section 2.1."""
    token = web.tokens(person)["refresh_token"]
    assert web.revoke(token, token_type_hint=hint).status_code == 200
    assert web.refresh(token).json()["error"] == "invalid_grant"


def test_a_revoked_access_token_is_not_active(web, tokens):
    response = web.revoke(tokens["access_token"])
    # RFC 7009, section 2: revoking access tokens may be unsupported, but then it is said.
    if response.status_code == 200:
        assert web.introspect(tokens["access_token"]) == {"active": False}
    else:
        assert response.json()["error"] == "unsupported_token_type"


def test_an_unknown_token_is_as_good_as_revoked(web):
    """RFC 7009, section 2.2."""
    for token in ("x", "a.b.c", "x" * 20_000):
        assert web.revoke(token).status_code == 200


def test_revocation_wants_a_token(web):
    response = web.revoke(None)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_a_client_cannot_revoke_anothers_token(web, stage, metadata, tokens):
    other = Flow(metadata, stage["clients"]["other"])
    assert other.revoke(tokens["refresh_token"]).status_code in (200, 400)
    web.refresh(tokens["refresh_token"]).raise_for_status()


def test_a_public_client_revokes_its_own(native, person):
    token = native.tokens(person)["refresh_token"]
    assert native.revoke(token).status_code == 200
    assert native.refresh(token).json()["error"] == "invalid_grant"


def test_the_session_keeps_its_identity_over_a_refresh(web, tokens):
    refreshed = web.refresh(tokens["refresh_token"]).raise_for_status().json()
    before, after = (unverified(token["access_token"])[1] for token in (tokens, refreshed))
    for name in ("sub", "sid", "client_id", "auth_time", "aud"):
        assert after[name] == before[name], name
    assert after["jti"] != before["jti"]
