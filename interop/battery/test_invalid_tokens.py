# SPDX-License-Identifier: Apache-2.0
"""
Tokens that must not let anybody in: 401 with a challenge (RFC 6750, section 3).

The task service is given keys of this test's own, so that tokens can be made that are wrong in one thing and validly
signed. The user service has no such door: it gets what can be made of its own tokens.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import jwt
import pytest
from conftest import statuses
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from stage.api import Api, bearer
from stage.service import TaskService, UserService

KEY = ec.generate_private_key(ec.SECP256R1())
FOREIGN = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key, **more):
    algorithm = jwt.algorithms.ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else jwt.algorithms.RSAAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), **more}


@pytest.fixture(scope="session")
def issuer():
    """A user service that has nothing but keys."""
    keys = json.dumps({"keys": [public(KEY, kid="known", use="sig", alg="ES256"), public(RSA, kid="rsa", use="sig")]})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(keys.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def tasks(directory, issuer):
    with TaskService("battery-tasks", directory, issuer) as service:
        yield service.url + "/v1/tasks"


@pytest.fixture
def claims(issuer):
    now = int(time.time())
    person = str(uuid.uuid4())
    return {
        "iss": issuer,
        "sub": person,
        "aud": "taskplatform",
        "exp": now + 600,
        "iat": now,
        "auth_time": now,
        "jti": str(uuid.uuid4()),
        "sid": str(uuid.uuid4()),
        "client_id": "taskplatform",
        "scope": "account tasks",
        "roles": ["user"],
        "username": "forged",
    }


def signed(claims, key=KEY, algorithm="ES256", **header):
    """Signed by hand: a library would not make most of what is needed here. What is None is left out of the header."""
    header = {"typ": "at+jwt", "kid": "known", "alg": algorithm} | header
    text = f"{encoded({name: value for name, value in header.items() if value is not None})}.{encoded(claims)}"
    if algorithm == "RS256":
        signature = key.sign(text.encode(), padding.PKCS1v15(), SHA256())
    else:
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{encoded(signature)}"


def encoded(part):
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def get(url, token):
    return httpx.get(url, headers=bearer(token), timeout=30)


def assert_challenged(response):
    assert response.status_code == 401, (response.status_code, response.text)
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer ")
    assert 'error="invalid_token"' in challenge
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_a_right_one_is_taken(tasks, claims):
    """Or else the refusals below would prove nothing."""
    get(tasks, signed(claims)).raise_for_status()


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": -3600},
        {"exp": -61},
        {"nbf": 3600},
        {"iss": "https://evil.example"},
        {"iss": "/"},
        {"aud": "another"},
        {"aud": ["another", "and another"]},
        {"aud": []},
        {"aud": None},
        {"iss": None},
        {"sub": None},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"client_id": None},
        {"sub": ""},
        {"exp": "soon"},
        {"scope": ["tasks"]},
        {"roles": "admin"},
        {"sub": {"a": 1}},
    ],
    ids=json.dumps,
)
def test_one_wrong_claim_is_enough(tasks, claims, changes):
    for name, value in changes.items():
        if isinstance(value, int):
            value += int(time.time())
        if value == "/":
            value = claims["iss"] + "/"
        claims[name] = value
    claims = {name: value for name, value in claims.items() if value is not None}
    assert_challenged(get(tasks, signed(claims)))


def test_one_that_was_made_later_than_now_is_refused(tasks, claims):
    claims["iat"] += 3600
    claims["exp"] += 3600
    response = get(tasks, signed(claims))
    # RFC 7519 does not ask for it; a service that lets it in must at least not fail.
    assert response.status_code in (200, 401)


@pytest.mark.parametrize("kind", ["JWT", "", "at+jwt+x", "logout+jwt", "secevent+jwt", None])
def test_another_kind_of_token_is_refused(tasks, claims, kind):
    """RFC 9068, section 4: an ID token, above all."""
    assert_challenged(get(tasks, signed(claims, typ=kind)))


def test_the_long_form_of_the_type_is_taken(tasks, claims):
    """RFC 9068, section 2.1."""
    get(tasks, signed(claims, typ="application/at+jwt")).raise_for_status()


def forgeries(claims):
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    right = signed(claims)
    head, body, signature = right.split(".")
    header = {"typ": "at+jwt", "alg": "ES256", "kid": "known"}
    admin = encoded(claims | {"roles": ["admin"]})
    yield "none", f"{encoded(header | {'alg': 'none'})}.{body}."
    yield "None", f"{encoded(header | {'alg': 'None'})}.{body}."
    yield "none, signed", f"{encoded(header | {'alg': 'none'})}.{body}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "another body", f"{head}.{admin}.{signature}"
    yield "a zero signature", f"{head}.{body}.{encoded(bytes(64))}"
    yield "a signature of ones", f"{head}.{body}.{encoded(bytes([0] * 31 + [1]) * 2)}"
    yield "a short signature", f"{head}.{body}.{encoded(bytes(63))}"
    yield "a signature in DER", f"{head}.{body}.{encoded(KEY.sign(f'{head}.{body}'.encode(), ec.ECDSA(SHA256())))}"
    yield "a foreign key", signed(claims, FOREIGN)
    yield "an unknown key", signed(claims, FOREIGN, kid="unknown")
    yield "no key", signed(claims, FOREIGN, kid=None)
    yield "a key it brings", signed(claims, FOREIGN, jwk=public(FOREIGN))
    yield "the address of a key", signed(claims, FOREIGN, jku="http://127.0.0.1:1/keys")
    yield "a path for a key", signed(claims, FOREIGN, kid="../../../../dev/null")
    yield "a query for a key", signed(claims, FOREIGN, kid="' OR 1=1 --")
    yield "the public key as a secret", hmac_signed(header | {"alg": "HS256"}, body, pem)
    yield "another algorithm", signed(claims, RSA, "RS256", kid="rsa")
    yield "another algorithm under this key", signed(claims, RSA, "RS256")
    yield "a critical header", signed(claims, crit=["b64"], b64=False)
    yield "an unknown critical header", signed(claims, crit=["urn:x"], **{"urn:x": 1})
    yield "encrypted", ".".join([encoded({"alg": "dir", "enc": "A128GCM"}), "", "AAAA", "AAAA", "AAAA"])
    yield "no JSON", f"{encoded(b'{')}.{body}.{signature}"
    yield "no object", f"{encoded(b'[]')}.{body}.{signature}"
    yield "no claims", f"{head}.{encoded(b'null')}.{signature}"
    yield "four parts", right + ".x"
    yield "two parts", f"{head}.{body}"
    yield "one part", "x"
    yield "dots", ".."
    yield "padding", right + "=="
    yield "deep", f"{encoded(b'[' * 2000)}.{body}.{signature}"
    yield "large", f"{head}.{'A' * 6000}.{signature}"


def hmac_signed(header, body, secret):
    text = f"{encoded(header)}.{body}"
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def pytest_generate_tests(metafunc):
    if "forgery" in metafunc.fixturenames:
        metafunc.parametrize("forgery", [name for name, _ in forgeries({})])


def test_a_forged_one_is_refused(tasks, claims, forgery):
    assert_challenged(get(tasks, dict(forgeries(claims))[forgery]))


def test_the_user_service_refuses_what_was_made_of_its_own(api, forgery):
    """The claims of a true token, everything else forged."""
    token = api.sign_in(api.register())["access_token"]
    true = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    forged = dict(forgeries(true))[forgery]
    head, _, rest = forged.partition(".")
    try:
        named = json.loads(base64.urlsafe_b64decode(head + "=="))
    except (ValueError, RecursionError):
        named = None
    for candidate in {forged} | ({encoded(named | {"kid": kid}) + "." + rest} if isinstance(named, dict) else set()):
        assert_challenged(get(api.url + "/v1/users/me", candidate))


@pytest.mark.parametrize("size", [20_000, 200_000])
def test_a_huge_one_is_refused_and_the_service_goes_on(api, tasks, size):
    for url in (api.url + "/v1/users/me", tasks):
        response = get(url, "x" * size)
        assert response.status_code in (400, 401, 431), response.status_code
        assert get(url, "x").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Basic eDp4", "Token x", "bearer", "Bearer a b", "Bearer \u00e9".encode(), "x" * 100],
)
def test_what_is_no_bearer_token_is_challenged(api, tasks, header):
    for url in (api.url + "/v1/users/me", tasks):
        response = httpx.get(url, headers={"Authorization": header}, timeout=30)
        assert response.status_code in (400, 401), response.text
        if response.status_code == 401:
            assert response.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_in_the_address_is_not_read(api):
    token = api.sign_in(api.register())["access_token"]
    assert httpx.get(api.url + "/v1/users/me", params={"access_token": token}).status_code == 401


def test_two_tokens_are_one_too_many(api):
    token = api.sign_in(api.register())["access_token"]
    response = httpx.get(api.url + "/v1/users/me", headers=[("Authorization", f"Bearer {token}")] * 2)
    assert response.status_code in (400, 401)


def test_the_tokens_of_a_replica_for_another_audience_are_refused(directory, users, api):
    """The same keys, the same issuer, another audience."""
    name = api.register()
    with UserService(
        "battery-elsewhere", directory, ISSUER=users.url, AUDIENCE="somewhere-else", **users.more
    ) as replica:
        token = Api(replica.url, replica.admin).sign_in(name)["access_token"]
        get(replica.url + "/v1/users/me", token).raise_for_status()
    assert_challenged(get(api.url + "/v1/users/me", token))


def test_many_unknown_keys_do_not_become_as_many_requests(tasks, claims, crowd):
    answers = [get(tasks, signed(claims, FOREIGN, kid=f"unknown-{number}")) for number in range(40)]
    assert statuses(answers) == {401: 40}
    get(tasks, signed(claims)).raise_for_status()
