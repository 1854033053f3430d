# SPDX-License-Identifier: Apache-2.0
"""A pod's ServiceAccount token in the place of a secret (RFC 7523)."""

import time

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FOREIGN = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def pod(stage):
    return stage["clients"]["pod"]


@pytest.fixture
def token_of(stage, pod):
    def token(**changes):
        asked = {"namespace": pod["namespace"], "account": pod["account"], "audience": stage["issuer"]}
        return httpx.get(stage["helper"] + "/token", params=asked | changes).raise_for_status().text

    return token


def authenticate(metadata, assertion, **more):
    return httpx.post(
        metadata["token_endpoint"],
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        }
        | more,
    )


def changed(token, key, algorithm="RS256", headers=None, **changes):
    """The token with other claims, signed by another key."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers=headers or {"kid": jwt.get_unverified_header(token)["kid"]})


def test_it_authenticates_the_client(metadata, token_of, pod):
    response = authenticate(metadata, token_of(), scope=pod["scope"]).raise_for_status()
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    assert claims["sub"] == claims["client_id"] == pod["id"]
    assert set(claims["scope"].split()) == set(pod["scope"].split())
    assert "refresh_token" not in response.json()


def test_the_client_may_be_named_beside_it(metadata, token_of, pod):
    authenticate(metadata, token_of(), client_id=pod["id"]).raise_for_status()


def test_another_client_cannot_be_named_beside_it(metadata, token_of, stage):
    """RFC 7521, section 4.2."""
    response = authenticate(metadata, token_of(), client_id=stage["clients"]["worker"]["id"])
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_client", "invalid_request")


def test_it_is_a_grant_too(metadata, token_of, pod):
    response = httpx.post(metadata["token_endpoint"], data={"grant_type": GRANT, "assertion": token_of()})
    response.raise_for_status()
    assert jwt.decode(response.json()["access_token"], options={"verify_signature": False})["sub"] == pod["id"]


def test_it_is_announced(metadata):
    assert GRANT in metadata["grant_types_supported"]
    assert "private_key_jwt" in metadata["token_endpoint_auth_methods_supported"]
    # RFC 8414, section 2: required beside private_key_jwt.
    assert "RS256" in metadata["token_endpoint_auth_signing_alg_values_supported"]


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "https://kubernetes.default.svc"},
        {"audience": ""},
        {"namespace": "elsewhere"},
        {"account": "default"},
    ],
)
def test_only_the_registered_account_for_us_is_taken(metadata, token_of, changes):
    refused(authenticate(metadata, token_of(**changes)))
    response = httpx.post(metadata["token_endpoint"], data={"grant_type": GRANT, "assertion": token_of(**changes)})
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_grant", "invalid_client")


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: changed(token, FOREIGN),
        lambda token: changed(token, None, "none"),
        lambda token: changed(token, "secret" * 8, "HS256"),
        lambda token: changed(token, FOREIGN, headers={"kid": "unknown"}),
        lambda token: changed(token, FOREIGN, headers={"jku": "http://127.0.0.1:1/keys"}),
        lambda token: token[:-8] + "AAAAAAAA",
        lambda token: token.rsplit(".", 1)[0] + ".",
        lambda token: "a.b.c",
        lambda token: "",
        lambda token: "x" * 30_000,
    ],
)
def test_a_forged_one_is_refused(metadata, token_of, forge):
    refused(authenticate(metadata, forge(token_of())))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"nbf": int(time.time()) + 600},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"aud": None},
        {"aud": []},
    ],
)
def test_a_clusters_own_token_must_be_right_too(metadata, stage, pod, claims):
    refused(authenticate(metadata, httpx.post(stage["helper"] + "/token", json={
        "namespace": pod["namespace"], "account": pod["account"], "audience": stage["issuer"], "claims": claims,
    }).raise_for_status().text))


def test_our_own_access_token_is_no_assertion(metadata, stage, web, person):
    refused(authenticate(metadata, web.tokens(person)["access_token"]))


@pytest.mark.parametrize("kind", ["", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])
def test_another_type_of_assertion_is_refused(metadata, token_of, kind):
    response = authenticate(metadata, token_of(), client_assertion_type=kind)
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_client", "invalid_request")


def test_an_assertion_beside_a_secret_is_refused(metadata, token_of, stage):
    """RFC 6749, section 2.3: one way at a time."""
    worker = stage["clients"]["worker"]
    response = httpx.post(
        metadata["token_endpoint"],
        data={"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": token_of()},
        auth=(worker["id"], worker["secret"]),
    )
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_client", "invalid_request")


def refused(response):
    assert response.status_code in (400, 401), response.text
    assert response.json()["error"] in ("invalid_client", "invalid_request")
