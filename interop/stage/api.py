# SPDX-License-Identifier: Apache-2.0
"""The user service's own API, as far as the tests need it to have people, clients and sessions."""

import itertools

import httpx

PASSWORD = "correct horse battery staple"
_NUMBERS = itertools.count(1)


class Api:
    """
    url: of the user service
    admin: name and password of its administrator
    """

    def __init__(self, url, admin):
        self.url = url
        self._admin = admin
        self.http = httpx.Client(base_url=self.url, timeout=60, limits=httpx.Limits(max_connections=100))

    def register(self, username=None, password=PASSWORD):
        """The name of a new account."""
        username = username or f"person{next(_NUMBERS)}"
        self.http.post("/v1/users", json={"username": username, "password": password}).raise_for_status()
        return username

    def sign_in(self, username, password=PASSWORD, **more):
        """The tokens of a new session."""
        response = self.http.post("/v1/sessions", json={"username": username, "password": password} | more)
        assert response.status_code == 201, response.text
        return response.json()

    def refresh(self, refresh_token, client_id="taskplatform"):
        return self.http.post("/oauth2/token", data=refresh_form(refresh_token, client_id))

    def admin(self):
        """Headers with which the administrator calls."""
        return bearer(self.sign_in(*self._admin)["access_token"])

    def make_client(self, **description):
        """The new OAuth client, with its secret if it has one."""
        response = self.http.post("/v1/admin/clients", json=description, headers=self.admin())
        assert response.status_code == 201, response.text
        return response.json()


def refresh_form(refresh_token, client_id="taskplatform"):
    return {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}
