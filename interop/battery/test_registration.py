# SPDX-License-Identifier: Apache-2.0
"""Invitations, repeated requests and too many of them."""

import threading

import httpx
import pytest
from conftest import Crowd, statuses
from stage.api import PASSWORD, Api, bearer
from stage.service import UserService

MANY = 20
ROUNDS = 5


@pytest.fixture(scope="module")
def by_invitation(directory, users):
    """A replica that is not open to everybody."""
    with UserService(
        "battery-invite", directory, ISSUER=users.url, REGISTRATION_MODE="invite", **users.more
    ) as replica:
        yield replica


def test_an_invitation_is_for_one(api, by_invitation):
    invitation = api.http.post("/v1/admin/invitations", json={"note": "for one"}, headers=api.admin())
    assert invitation.status_code == 201, invitation.text
    token = invitation.json()["token"]

    answers = Crowd([by_invitation.url]).send(
        *[
            ("POST", "/v1/users", {"json": {"username": f"guest{n}", "password": PASSWORD, "invitation": token}})
            for n in range(MANY)
        ]
    )

    counted = statuses(answers)
    assert counted[201] == 1, counted
    assert counted[403] + counted[503] == MANY - 1, counted
    listed = api.http.get("/v1/admin/invitations?limit=200", headers=api.admin()).raise_for_status()
    assert token not in listed.text


def test_without_an_invitation_nobody_comes_in(by_invitation):
    for door, body in [("/v1/users", {}), ("/v1/users", {"invitation": "made-up"}), ("/register", {})]:
        response = httpx.post(
            by_invitation.url + door, json={"username": "intruder", "password": PASSWORD} | body, timeout=30
        )
        assert response.status_code == 403, (door, response.text)


def test_a_request_that_is_repeated_at_once_makes_one_account(api, crowd):
    """draft-ietf-httpapi-idempotency-key-header-07, section 2.6: the same answer, or 409 while it is under way."""
    body = {"username": "repeated", "password": PASSWORD}
    key = {"Idempotency-Key": '"5b8d7c8a-0000-4000-8000-000000000001"'}

    answers = crowd.send(*[("POST", "/v1/users", {"json": body, "headers": key})] * MANY)

    counted = statuses(answers)
    assert counted[201] + counted[409] + counted[503] == MANY, counted
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    again = api.http.post("/v1/users", json=body, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, made.pop())
    other = api.http.post("/v1/users", json=body | {"username": "another"}, headers=key)
    assert other.status_code == 422


def test_too_many_requests_of_one_address_wait(directory, users):
    more = users.more | {"RATE_REQUESTS_dash_PER_dash_SECOND": "2", "RATE_BURST": "4"}
    with UserService("battery-limited", directory, ISSUER=users.url, **more) as limited:
        with httpx.Client(base_url=limited.url, timeout=30) as client:
            wrong = {"username": "nobody", "password": "not the password"}
            answers = [client.post("/v1/sessions", json=wrong) for _ in range(12)]
            counted = statuses(answers)
            assert counted[429] >= 6, counted
            waiting = next(answer for answer in answers if answer.status_code == 429)
            seconds = int(waiting.headers["Retry-After"])
            assert 1 <= seconds <= 10
            assert waiting.headers["RateLimit"] and waiting.headers["RateLimit-Policy"]
            form = client.post("/oauth2/token", data={"grant_type": "refresh_token", "client_id": "taskplatform"})
            assert form.status_code in (400, 429)
            if form.status_code == 429:
                assert form.json()["error"], "an OAuth client reads OAuth's errors"
            # What is signed in, or is asked by probes, is not held up.
            assert httpx.get(limited.observed + "/observe/health/live", timeout=30).status_code in (200, 204)
            threading.Event().wait(seconds + 1)
            assert client.post("/v1/sessions", json=wrong).status_code == 401


MERGE = {"Content-Type": "application/merge-patch+json"}


def tag_of(api, path, headers):
    return api.http.get(path, headers=headers).raise_for_status().headers["ETag"]


def roles(api, path, roles, headers):
    """The request that gives the account these roles, as it is now."""
    tag = tag_of(api, path, headers)
    return "PATCH", path, {"json": {"roles": roles}, "headers": headers | MERGE | {"If-Match": tag}}


def test_two_administrators_cannot_leave_nobody(users, tmp_path):
    """Each takes the other's role away at the same moment; one must stay who can undo it."""
    more = users.more | {"DATABASE_POSTGRES_SCHEMA": "two_administrators"}
    with UserService("battery-two", tmp_path, **more) as service:
        api = Api(service.url, service.admin)
        second = Api(service.url, (api.register(), PASSWORD))
        paths = [f"/v1/admin/users/{identity(one)}" for one in (api, second)]
        for _ in range(ROUNDS):
            # Whoever stayed gives the other the role again.
            for giver in (api, second):
                for path in paths:
                    if giver.http.get(path, headers=giver.admin()).status_code == 200:
                        method, path, arguments = roles(giver, path, ["user", "admin"], giver.admin())
                        giver.http.request(method, path, **arguments).raise_for_status()

            answers = Crowd([service.url]).send(
                roles(api, paths[1], ["user"], api.admin()), roles(second, paths[0], ["user"], second.admin())
            )

            counted = statuses(answers)
            assert counted[200] == 1, [answer.text for answer in answers]
            assert 1 == sum(one.http.get("/v1/admin/users", headers=one.admin()).status_code == 200
                            for one in (api, second))


def identity(owner):
    return owner.http.get("/v1/users/me", headers=owner.admin()).raise_for_status().json()["id"]


def test_a_deleted_account_is_gone_whatever_it_was_doing(api, crowd):
    name = api.register()
    sessions = [api.sign_in(name) for _ in range(5)]
    owner = Api(api.url, (name, PASSWORD))
    refresh = [
        ("POST", "/oauth2/token", {"data": {"grant_type": "refresh_token", "client_id": "taskplatform",
                                            "refresh_token": session["refresh_token"]}})
        for session in sessions[1:]
    ]

    answers = crowd.send(
        *refresh,
        ("POST", "/v1/users/me/deletion", {"json": {"password": PASSWORD}, "headers": bearer(sessions[0]["access_token"])}),
        *[("POST", "/v1/sessions", {"json": {"username": name, "password": PASSWORD}})] * 5,
    )

    statuses(answers)
    deletion = answers[len(refresh)]
    assert deletion.status_code == 202, deletion.text
    left = [session["refresh_token"] for session in sessions]
    left += [answer.json()["refresh_token"] for answer in answers if "refresh_token" in answer.text]
    assert all(api.refresh(token).status_code == 400 for token in left)
    assert owner.http.post("/v1/sessions", json={"username": name, "password": PASSWORD}).status_code == 401
    status = api.http.get(deletion.headers["Location"]).raise_for_status().json()
    assert status["state"] in ("pending", "completed")
