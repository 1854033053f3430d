# SPDX-License-Identifier: Apache-2.0
"""What the token endpoint must not do, and in which words it says so (RFC 6749, section 5.2)."""

import re

import httpx
import pytest
from stage.flow import Flow

WRONG_VERIFIER = "w" * 64


def assert_refused(response, error, status=400):
    assert response.status_code == status, response.text
    body = response.json()
    assert body["error"] == error, body
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", body.get("error_description", ""))
    assert set(body) <= {"error", "error_description", "error_uri"}
    assert response.headers["Content-Type"].startswith("application/json")
    assert "no-store" in response.headers["Cache-Control"]


def assert_client_refused(response, scheme=True):
    assert_refused(response, "invalid_client", 401)
    if scheme:
        # RFC 6749, section 5.2: the scheme that the client used.
        assert response.headers["WWW-Authenticate"].lower().startswith("basic ")


def test_tokens_are_not_kept_by_caches(web, person):
    response = web.exchange(web.code(person)).raise_for_status()
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"code_verifier": WRONG_VERIFIER}, {"invalid_grant"}),
        ({"code_verifier": None}, {"invalid_grant", "invalid_request"}),
        ({"code_verifier": "short"}, {"invalid_grant", "invalid_request"}),
        ({"code_verifier": "x" * 5000}, {"invalid_grant", "invalid_request"}),
        ({"redirect_uri": None}, {"invalid_grant", "invalid_request"}),
        ({"redirect_uri": "https://evil.example/callback"}, {"invalid_grant"}),
        ({"code": "made-up"}, {"invalid_grant"}),
        ({"code": None}, {"invalid_request"}),
        ({"code": ""}, {"invalid_request", "invalid_grant"}),
    ],
)
def test_a_code_wants_all_that_belongs_to_it(web, person, changes, errors):
    response = web.exchange(web.code(person), **changes)
    assert_refused(response, response.json()["error"])
    assert response.json()["error"] in errors


def test_a_code_is_worth_nothing_to_another_client(web, native, stage, metadata, person):
    code = web.code(person)
    for other in (native, Flow(metadata, stage["clients"]["other"])):
        other.verifier = web.verifier
        assert_refused(other.exchange(code, redirect_uri=web.client["redirect_uri"]), "invalid_grant")


def test_a_public_client_cannot_take_a_confidential_clients_code(web, person):
    """By naming its id alone."""
    response = httpx.post(
        web.metadata["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": web.code(person),
            "redirect_uri": web.client["redirect_uri"],
            "code_verifier": web.verifier,
            "client_id": web.client["id"],
        },
    )
    assert_client_refused(response, scheme=False)


def test_a_code_that_comes_twice_takes_its_tokens_with_it(web, person):
    """RFC 6749, section 4.1.2."""
    code = web.code(person)
    token = web.exchange(code).raise_for_status().json()
    assert_refused(web.exchange(code), "invalid_grant")

    assert_refused(web.refresh(token["refresh_token"]), "invalid_grant")
    assert web.introspect(token["access_token"]) == {"active": False}


def test_a_code_that_another_client_tries_does_not_end_the_owners_session(web, stage, metadata, person):
    code = web.code(person)
    other = Flow(metadata, stage["clients"]["other"])
    assert_refused(other.exchange(code), "invalid_grant")


def test_a_refresh_token_is_worth_nothing_to_another_client(web, native, stage, metadata, person):
    token = web.tokens(person)
    for other in (native, Flow(metadata, stage["clients"]["other"])):
        assert_refused(other.refresh(token["refresh_token"]), "invalid_grant")
    web.refresh(token["refresh_token"]).raise_for_status()


def test_a_refresh_can_narrow_its_scope_but_not_widen_it(web, person):
    """RFC 6749, section 6."""
    token = web.tokens(person, scope="openid tasks offline_access")
    assert_refused(web.refresh(token["refresh_token"], scope="openid tasks offline_access email"), "invalid_scope")
    narrow = web.refresh(token["refresh_token"], scope="tasks").raise_for_status().json()
    assert narrow["scope"] == "tasks"


@pytest.mark.parametrize("grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "nonsense"])
def test_other_grants_are_not_supported(web, stage, grant):
    assert_refused(web.token(grant_type=grant, **stage["person"]), "unsupported_grant_type")


@pytest.mark.parametrize("grant", [None, ""])
def test_a_grant_must_be_named(web, grant):
    assert_refused(web.token(grant_type=grant), "invalid_request")


def test_a_parameter_may_not_come_twice(web, person):
    """RFC 6749, section 3.2."""
    response = web.exchange(web.code(person), redirect_uri=[web.client["redirect_uri"]] * 2)
    assert_refused(response, "invalid_request")


def test_a_client_authenticates_in_one_way(web):
    """RFC 6749, section 2.3."""
    response = web.token(grant_type="client_credentials", client_id=web.client["id"],
                         client_secret=web.client["secret"])
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_request", "invalid_client")


def test_the_client_of_the_header_is_the_one_of_the_body(web, native):
    response = web.token(grant_type="refresh_token", refresh_token="x", client_id=native.client["id"])
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize("endpoint", ["token_endpoint", "introspection_endpoint", "revocation_endpoint"])
@pytest.mark.parametrize(
    "auth",
    [("nobody", "secret"), ("web", ""), ("", ""), ("web", "wrong"), ("\u00e9", "\u00e9"), ("web", "x" * 4000)],
)
def test_a_wrong_secret_is_refused(stage, metadata, endpoint, auth):
    name = stage["clients"]["web"]["id"] if auth[0] == "web" else auth[0]
    response = httpx.post(
        metadata[endpoint], data={"grant_type": "client_credentials", "token": "x"}, auth=(name, auth[1])
    )
    assert_client_refused(response)


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic Og==", "Basic eA==", "Bearer x", "Digest x", "Basic YTpi, Basic YTpi"]
)
def test_a_malformed_header_is_refused(metadata, header):
    response = httpx.post(
        metadata["token_endpoint"], data={"grant_type": "client_credentials"}, headers={"Authorization": header}
    )
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_client", "invalid_request")


def test_no_client_at_all_is_refused(metadata):
    response = httpx.post(metadata["token_endpoint"], data={"grant_type": "client_credentials"})
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_client", "invalid_request")


def test_a_public_client_has_no_token_of_its_own(native):
    assert_refused(native.token(grant_type="client_credentials"), "unauthorized_client")


def test_a_clients_own_scope_is_bounded(stage, metadata):
    worker = Flow(metadata, stage["clients"]["worker"])
    for scope in ("account", "openid", "no-such-scope", "events account"):
        assert_refused(worker.token(grant_type="client_credentials", scope=scope), "invalid_scope")


def test_a_service_cannot_send_people_to_sign_in(stage, metadata, http, web):
    url = web.url(client_id=stage["clients"]["worker"]["id"])
    response = http.get(url)
    assert response.status_code == 400
    assert "Location" not in response.headers


@pytest.mark.parametrize("endpoint", ["token_endpoint", "introspection_endpoint", "revocation_endpoint"])
def test_secrets_do_not_belong_into_addresses(stage, metadata, endpoint):
    """RFC 6749, section 2.3.1 and 3.2: POST, and in its body."""
    worker = stage["clients"]["worker"]
    query = {"grant_type": "client_credentials", "token": "x", "client_id": worker["id"],
             "client_secret": worker["secret"]}
    assert httpx.get(metadata[endpoint], params=query).status_code == 405
    posted = httpx.post(metadata[endpoint], params=query,
                        headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert posted.status_code in (400, 401)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", None])
def test_the_body_is_a_form(metadata, kind):
    headers = {"Content-Type": kind} if kind else {}
    response = httpx.post(metadata["token_endpoint"], content=b'{"grant_type":"client_credentials"}', headers=headers)
    assert response.status_code in (400, 401, 415)
    assert response.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize("body", [b"%", b"%zz=1", b"grant_type=%ff%fe", b"&&&=&=", b"=" * 3000, b"\x00\x01", b""])
def test_a_broken_form_is_refused(metadata, body):
    response = httpx.post(metadata["token_endpoint"], content=body,
                          headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_request", "invalid_client", "unsupported_grant_type")


def test_an_endless_form_is_refused(metadata):
    response = httpx.post(metadata["token_endpoint"], data={"grant_type": "x" * 1_000_000})
    assert response.status_code == 413


def test_a_secret_is_decoded_as_a_form_is(stage, metadata):
    """RFC 6749, section 2.3.1: both are form-encoded before they are joined; what needs no encoding may have it."""
    worker = stage["clients"]["worker"]
    encoded = "".join(f"%{byte:02X}" for byte in worker["secret"].encode())
    response = httpx.post(metadata["token_endpoint"], data={"grant_type": "client_credentials"},
                          auth=(worker["id"], encoded))
    response.raise_for_status()
