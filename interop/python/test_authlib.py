# SPDX-License-Identifier: Apache-2.0
"""Authlib goes through the flows, and joserfc checks what it is given."""

import time

import httpx
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.core import CodeIDToken, UserInfo
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import KeySet
from stage.flow import callback


@pytest.fixture
def client(stage):
    web = stage["clients"]["web"]
    with OAuth2Client(
        web["id"],
        web["secret"],
        scope=web["scope"],
        redirect_uri=web["redirect_uri"],
        code_challenge_method="S256",
        timeout=30,
    ) as client:
        yield client


@pytest.fixture(scope="session")
def keys(metadata):
    return KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).raise_for_status().json())


def id_token(token, keys, metadata, client_id, nonce=None):
    decoded = jwt.decode(token["id_token"], keys, algorithms=metadata["id_token_signing_alg_values_supported"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={"iss": {"essential": True, "value": metadata["issuer"]}},
        params={"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]},
    )
    claims.validate(now=int(time.time()), leeway=0)
    return claims


def signed_in(client, metadata, person, verifier="v" * 64, nonce="n-0S6_WzA2Mj"):
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    location = person.visit(url)
    assert isinstance(location, str), location.text
    assert callback(location).get("iss", metadata["issuer"]) == metadata["issuer"]
    return client.fetch_token(
        metadata["token_endpoint"], authorization_response=location, state=state, code_verifier=verifier
    )


def test_the_metadata_are_valid(metadata, stage, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # on loopback there is no TLS
    OpenIDProviderMetadata(metadata).validate()
    AuthorizationServerMetadata(metadata).validate()
    assert metadata["issuer"] == stage["issuer"]


def test_signs_a_person_in(client, metadata, person, keys, stage):
    token = signed_in(client, metadata, person)

    claims = id_token(token, keys, metadata, client.client_id, "n-0S6_WzA2Mj")
    assert token["token_type"].lower() == "bearer"
    assert token["expires_in"] > 0
    assert claims["aud"] in (client.client_id, [client.client_id])
    about = UserInfo(client.get(metadata["userinfo_endpoint"]).raise_for_status().json())
    assert about.sub == claims["sub"]
    assert about["preferred_username"] == stage["person"]["username"]


def test_refreshes_and_gets_another_refresh_token(client, metadata, person, keys):
    token = signed_in(client, metadata, person)

    refreshed = client.refresh_token(metadata["token_endpoint"], token["refresh_token"])

    assert refreshed["refresh_token"] != token["refresh_token"]
    assert refreshed["access_token"] != token["access_token"]
    if "id_token" in refreshed:
        # OpenID Connect Core, section 12.2: the same subject, audience and time of authentication.
        before = id_token(token, keys, metadata, client.client_id)
        again = id_token(refreshed, keys, metadata, client.client_id)
        assert [again[name] for name in ("iss", "sub", "aud")] == [before[name] for name in ("iss", "sub", "aud")]
        assert again.get("auth_time") == before.get("auth_time")
    client.get(metadata["userinfo_endpoint"]).raise_for_status()


def test_revokes_what_it_was_given(client, metadata, person):
    token = signed_in(client, metadata, person)

    client.revoke_token(metadata["revocation_endpoint"], token["refresh_token"], "refresh_token").raise_for_status()

    with pytest.raises(OAuthError) as refusal:
        client.refresh_token(metadata["token_endpoint"], token["refresh_token"])
    assert refusal.value.error == "invalid_grant"


def test_introspects_what_it_was_given(client, metadata, person):
    token = signed_in(client, metadata, person)

    about = client.introspect_token(metadata["introspection_endpoint"], token["access_token"], "access_token").json()

    assert about["active"] is True
    assert about["client_id"] == client.client_id
    assert about["exp"] > time.time()


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_service_gets_its_own_token(stage, metadata, keys, method):
    worker = stage["clients"]["worker"]
    with OAuth2Client(
        worker["id"], worker["secret"], scope=worker["scope"], token_endpoint_auth_method=method
    ) as client:
        token = client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")

    claims = jwt.decode(token["access_token"], keys, algorithms=["ES256"]).claims
    assert claims["sub"] == worker["id"]
    assert "refresh_token" not in token  # RFC 6749, section 4.4.3
    assert "id_token" not in token


def test_a_wrong_secret_is_refused(stage, metadata):
    with OAuth2Client(stage["clients"]["worker"]["id"], "wrong") as client, pytest.raises(OAuthError) as refusal:
        client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    assert refusal.value.error == "invalid_client"


def test_there_is_no_password_grant(client, metadata, stage):
    with pytest.raises(OAuthError) as refusal:
        client.fetch_token(metadata["token_endpoint"], **stage["person"])
    assert refusal.value.error == "unsupported_grant_type"
