# SPDX-License-Identifier: Apache-2.0
"""The authorization code flow with nothing but HTTP, each part of it replaceable."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx


class Flow:
    """
    One authorization request of a client and what follows it.

    client: id, redirect_uri, scope and, if it has one, secret
    """

    def __init__(self, metadata, client):
        self.metadata = metadata
        self.client = client
        self.state = secrets.token_urlsafe(16)
        self.nonce = secrets.token_urlsafe(16)
        self.verifier = secrets.token_urlsafe(48)

    def url(self, **changes):
        """The address to send the person to; a parameter that is None is left out, one that is a list is repeated."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self.client["id"],
            "redirect_uri": self.client["redirect_uri"],
            "scope": self.client["scope"],
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        } | changes
        parameters = {name: value for name, value in parameters.items() if value is not None}
        return self.metadata["authorization_endpoint"] + "?" + urlencode(parameters, doseq=True)

    def answer(self, person, **changes):
        """The parameters with which the person comes back to the client."""
        end = person.visit(self.url(**changes))
        assert isinstance(end, str), f"the person got stuck on {end.url}: {end.status_code}\n{end.text}"
        assert end.startswith(self.client["redirect_uri"]), end
        return callback(end)

    def code(self, person, **changes):
        answer = self.answer(person, **changes)
        assert "error" not in answer, answer
        return answer["code"]

    def exchange(self, code, /, **changes):
        """The response of the token endpoint."""
        return self.token(
            **{
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.client["redirect_uri"],
                "code_verifier": self.verifier,
            }
            | changes
        )

    def tokens(self, person, **changes):
        return self.exchange(self.code(person, **changes)).raise_for_status().json()

    def refresh(self, refresh_token, /, **changes):
        return self.token(**{"grant_type": "refresh_token", "refresh_token": refresh_token} | changes)

    def token(self, **parameters):
        return self.post("token_endpoint", **parameters)

    def introspect(self, token, /, **parameters):
        return self.post("introspection_endpoint", token=token, **parameters).raise_for_status().json()

    def revoke(self, token, /, **parameters):
        return self.post("revocation_endpoint", token=token, **parameters)

    def post(self, endpoint, **parameters):
        """As this client: with its secret in the header, or, without one, with its id in the body."""
        parameters = {name: value for name, value in parameters.items() if value is not None}
        auth = None
        if secret := self.client.get("secret"):
            auth = (self.client["id"], secret)
        else:
            parameters = {"client_id": self.client["id"]} | parameters
        return httpx.post(self.metadata[endpoint], data=parameters, auth=auth, timeout=30)


def callback(url):
    """The parameters of the redirect, each of which must be there once."""
    parameters = parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in parameters.values()), url
    return {name: values[0] for name, values in parameters.items()}
