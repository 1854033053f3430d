# SPDX-License-Identifier: Apache-2.0
"""requests-oauthlib goes through the flows, and PyJWT checks what it is given."""

import jwt
import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError, WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
from stage.flow import callback


@pytest.fixture(autouse=True)
def loopback(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    # A refresh must not lose scope, and what is granted must be what was asked for: a change raises.
    monkeypatch.delenv("OAUTHLIB_RELAX_TOKEN_SCOPE", raising=False)


@pytest.fixture(scope="session")
def signing_keys(metadata):
    return jwt.PyJWKClient(metadata["jwks_uri"])


def session_of(client, **more):
    return OAuth2Session(
        client["id"], redirect_uri=client["redirect_uri"], scope=client["scope"].split(), pkce="S256", **more
    )


def authorized(session, client, metadata, person):
    url, state = session.authorization_url(metadata["authorization_endpoint"], nonce="of this session")
    location = person.visit(url)
    assert isinstance(location, str), location.text
    assert callback(location)["state"] == state
    if secret := client.get("secret"):
        return session.fetch_token(
            metadata["token_endpoint"], authorization_response=location, auth=HTTPBasicAuth(client["id"], secret)
        )
    return session.fetch_token(
        metadata["token_endpoint"], authorization_response=location, include_client_id=True, client_secret=None
    )


@pytest.mark.parametrize("name", ["web", "native"])
def test_signs_a_person_in(stage, metadata, person, signing_keys, name):
    client = stage["clients"][name]
    with session_of(client) as session:
        token = authorized(session, client, metadata, person)

        claims = jwt.decode(
            token["id_token"],
            signing_keys.get_signing_key_from_jwt(token["id_token"]),
            algorithms=metadata["id_token_signing_alg_values_supported"],
            audience=client["id"],
            issuer=metadata["issuer"],
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        assert claims["nonce"] == "of this session"
        about = session.get(metadata["userinfo_endpoint"])
        about.raise_for_status()
        assert about.json()["sub"] == claims["sub"]


def test_refreshes_by_itself_when_the_token_has_expired(stage, metadata, person):
    client = stage["clients"]["native"]
    kept = []
    with session_of(
        client,
        auto_refresh_url=metadata["token_endpoint"],
        auto_refresh_kwargs={"client_id": client["id"]},
        token_updater=kept.append,
    ) as session:
        token = authorized(session, client, metadata, person)
        session.token = {**token, "expires_at": 1}

        session.get(metadata["userinfo_endpoint"]).raise_for_status()

    assert len(kept) == 1
    assert kept[0]["refresh_token"] != token["refresh_token"]


def test_a_code_is_taken_once(stage, metadata, person):
    client = stage["clients"]["native"]
    with session_of(client) as session:
        url, _ = session.authorization_url(metadata["authorization_endpoint"])
        location = person.visit(url)
        session.fetch_token(metadata["token_endpoint"], authorization_response=location, include_client_id=True)
        with pytest.raises(InvalidGrantError):
            session.fetch_token(metadata["token_endpoint"], authorization_response=location, include_client_id=True)


def test_a_service_gets_its_own_token(stage, metadata):
    worker = stage["clients"]["worker"]
    with OAuth2Session(client=BackendApplicationClient(worker["id"], scope=worker["scope"].split())) as session:
        token = session.fetch_token(
            metadata["token_endpoint"], auth=HTTPBasicAuth(worker["id"], worker["secret"])
        )
    assert set(token["scope"]) == set(worker["scope"].split())


def test_the_state_is_given_back_unchanged(stage, metadata, person):
    client = stage["clients"]["native"]
    state = "a b+c&d=e%20é\"'<>"
    with session_of(client) as session:
        url, _ = session.authorization_url(metadata["authorization_endpoint"], state=state)
        location = person.visit(url)

    answer = WebApplicationClient(client["id"]).parse_request_uri_response(location, state=state)
    assert answer["code"]
