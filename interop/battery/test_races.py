# SPDX-License-Identifier: Apache-2.0
"""What many do at once: exactly one wins, and what was answered stays true."""

import time
from collections import Counter

import pytest
from conftest import FAILURES, GRACE, statuses
from stage.api import PASSWORD, bearer, refresh_form

MANY = 20
ROUNDS = 5


def refresh(token):
    return "POST", "/oauth2/token", {"data": refresh_form(token)}


def wrong(username):
    return "POST", "/v1/sessions", {"json": {"username": username, "password": "not the password"}}


def refused(response):
    return response.status_code == 400 and response.json()["error"] == "invalid_grant"


def test_refreshes_of_one_token_at_once_get_the_same_successor(api, crowd):
    for _ in range(ROUNDS):
        token = api.sign_in(api.register())

        answers = crowd.send(*[refresh(token["refresh_token"])] * MANY)

        assert statuses(answers) == {200: MANY}, [answer.text for answer in answers if answer.status_code != 200][:1]
        successors = {answer.json()["refresh_token"] for answer in answers}
        assert len(successors) == 1
        assert token["refresh_token"] not in successors
        # None of it ended the session.
        assert api.refresh(successors.pop()).status_code == 200


def test_a_token_that_comes_again_inside_the_grace_gets_the_same_successor(api):
    token = api.sign_in(api.register())["refresh_token"]
    first = api.refresh(token).json()["refresh_token"]
    assert api.refresh(token).json()["refresh_token"] == first


def test_a_token_that_comes_again_after_the_grace_ends_the_session(api):
    username = api.register()
    other = api.sign_in(username)
    session = api.sign_in(username)
    first = api.refresh(session["refresh_token"]).raise_for_status().json()
    time.sleep(GRACE + 1)

    assert refused(api.refresh(session["refresh_token"]))

    assert refused(api.refresh(first["refresh_token"])), "the thief may hold either"
    assert api.refresh(other["refresh_token"]).status_code == 200, "other sessions of the person go on"
    left = api.http.get("/v1/sessions", headers=bearer(other["access_token"])).raise_for_status().json()
    assert session["session_id"] not in str(left)
    audit = api.http.get("/v1/admin/audit?limit=200", headers=api.admin()).raise_for_status().text
    assert "session.refresh-replayed" in audit
    assert session["refresh_token"] not in audit


def test_replays_at_once_after_the_grace_end_the_session_too(api, crowd):
    token = api.sign_in(api.register())["refresh_token"]
    successor = api.refresh(token).json()["refresh_token"]
    time.sleep(GRACE + 1)

    answers = crowd.send(*[refresh(token)] * (MANY // 2), *[refresh(successor)] * (MANY // 2))

    statuses(answers)
    assert all(refused(answer) for answer in answers[: MANY // 2])
    for answer in answers:
        if answer.status_code == 200:
            assert refused(api.refresh(answer.json()["refresh_token"]))


def test_a_made_up_token_ends_nothing(api):
    session = api.sign_in(api.register())
    assert refused(api.refresh("made-up"))
    assert refused(api.refresh(session["refresh_token"] + "x"))
    assert refused(api.refresh(session["refresh_token"][:-1]))
    assert api.refresh(session["refresh_token"]).status_code == 200


def test_signing_out_everywhere_outruns_every_refresh(api, crowd):
    for _ in range(ROUNDS):
        username = api.register()
        sessions = [api.sign_in(username) for _ in range(MANY // 2)]
        headers = bearer(sessions[0]["access_token"])

        answers = crowd.send(
            *[refresh(session["refresh_token"]) for session in sessions],
            ("DELETE", "/v1/sessions", {"headers": headers}),
            *[refresh(session["refresh_token"]) for session in sessions],
        )

        statuses(answers)
        out = answers[len(sessions)]
        assert out.status_code in (200, 204), out.text
        tokens = [session["refresh_token"] for session in sessions]
        tokens += [answer.json()["refresh_token"] for answer in answers if answer.status_code == 200 and answer is not out]
        assert all(refused(api.refresh(token)) for token in tokens)


def test_a_new_password_outruns_every_refresh(api, crowd):
    username = api.register()
    sessions = [api.sign_in(username) for _ in range(MANY // 2)]
    change = {"currentPassword": PASSWORD, "newPassword": "another horse battery staple"}

    answers = crowd.send(
        *[refresh(session["refresh_token"]) for session in sessions[1:]],
        ("POST", "/v1/users/me/password", {"json": change, "headers": bearer(sessions[0]["access_token"])}),
    )

    statuses(answers)
    assert answers[-1].status_code == 204, answers[-1].text
    for answer in answers[:-1]:
        if answer.status_code == 200:
            assert refused(api.refresh(answer.json()["refresh_token"]))
    assert all(refused(api.refresh(session["refresh_token"])) for session in sessions[1:])


def test_a_disabled_account_is_out_whatever_it_was_doing(api, crowd):
    username = api.register()
    sessions = [api.sign_in(username) for _ in range(MANY // 2)]
    me = api.http.get("/v1/users/me", headers=bearer(sessions[0]["access_token"])).json()
    admin = api.admin()
    path = f"/v1/admin/users/{me['id']}"
    tag = api.http.get(path, headers=admin).raise_for_status().headers["ETag"]

    answers = crowd.send(
        *[refresh(session["refresh_token"]) for session in sessions],
        (
            "PATCH",
            path,
            {
                "json": {"disabled": True},
                "headers": admin | {"If-Match": tag, "Content-Type": "application/merge-patch+json"},
            },
        ),
        *[("POST", "/v1/sessions", {"json": {"username": username, "password": PASSWORD}})] * 5,
    )

    statuses(answers)
    assert answers[len(sessions)].status_code == 200, answers[len(sessions)].text
    for answer in answers:
        if "refresh_token" in answer.text:
            assert refused(api.refresh(answer.json()["refresh_token"]))
    again = api.http.post("/v1/sessions", json={"username": username, "password": PASSWORD})
    assert again.status_code in (401, 403)


@pytest.mark.parametrize(
    "spellings",
    [["racer"], ["Spelling", "spelling", "SPELLING", "ｓｐｅｌｌｉｎｇ"], ["Straße", "STRASSE", "strasse"]],
    ids=["one", "cases", "sharp-s"],
)
def test_one_name_is_one_persons(api, crowd, spellings):
    names = [spellings[number % len(spellings)] for number in range(MANY)]
    answers = crowd.send(
        *[("POST", "/v1/users", {"json": {"username": name, "password": PASSWORD}}) for name in names]
    )

    counted = statuses(answers)
    assert counted[201] == 1 or spellings[0] == "Straße", counted
    assert counted[201] + counted[409] + counted[503] == MANY
    made = next(answer for answer in answers if answer.status_code == 201).json()
    assert api.http.post("/v1/sessions", json={"username": made["username"], "password": PASSWORD}).status_code == 201


def test_guesses_at_once_are_all_counted(api, crowd):
    username = api.register()

    answers = crowd.send(*[wrong(username)] * 50)

    counted = statuses(answers)
    # Those under way when the limit was reached may still be told that they were wrong, the others may not even try.
    assert counted[401] <= FAILURES, counted
    assert counted[401] + counted[429] + counted[423] + counted[503] == 50, counted
    locked = api.http.post("/v1/sessions", json={"username": username, "password": PASSWORD})
    assert locked.status_code in (423, 429), "the right password does not open a locked account"
    assert int(locked.headers["Retry-After"]) > 0
    simple = api.http.post("/login", json={"username": username, "password": PASSWORD})
    assert simple.status_code in (401, 423, 429), "nor does another door"


def test_an_unknown_name_is_locked_like_a_known_one(api):
    known, unknown = api.register(), "nobody-of-this-name"
    seen = {
        name: [api.http.post("/v1/sessions", json=wrong(name)[2]["json"]).status_code for _ in range(FAILURES + 3)]
        for name in (known, unknown)
    }
    assert seen[known] == seen[unknown]


def test_an_administrator_unlocks_the_account(api):
    username = api.register()
    me = api.http.get("/v1/users/me", headers=bearer(api.sign_in(username)["access_token"])).json()
    for _ in range(FAILURES + 1):
        api.http.post("/v1/sessions", json=wrong(username)[2]["json"])
    assert api.http.post("/v1/sessions", json={"username": username, "password": PASSWORD}).status_code != 201

    api.http.post(f"/v1/admin/users/{me['id']}/unlock", headers=api.admin()).raise_for_status()

    api.sign_in(username)


def test_a_success_in_between_forgives_what_was_wrong_before(api):
    username = api.register()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            api.http.post("/v1/sessions", json=wrong(username)[2]["json"])
        api.sign_in(username)


def test_one_change_of_a_profile_wins(api, crowd):
    headers = bearer(api.sign_in(api.register())["access_token"])
    tag = api.http.get("/v1/users/me", headers=headers).raise_for_status().headers["ETag"]

    answers = crowd.send(
        *[
            (
                "PATCH",
                "/v1/users/me",
                {
                    "json": {"displayName": f"Name {number}"},
                    "headers": headers | {"If-Match": tag, "Content-Type": "application/merge-patch+json"},
                },
            )
            for number in range(MANY)
        ]
    )

    assert statuses(answers) == {200: 1, 412: MANY - 1}
    winner = next(answer for answer in answers if answer.status_code == 200)
    now = api.http.get("/v1/users/me", headers=headers)
    assert now.json()["displayName"] == winner.json()["displayName"]
    assert now.headers["ETag"] == winner.headers["ETag"]


def test_rotations_at_once_leave_every_token_valid(api, crowd):
    session = api.sign_in(api.register())
    before = keys_of(api)
    admin = api.admin()

    answers = crowd.send(*[("POST", "/v1/admin/keys/rotation", {"headers": admin, "json": {}})] * 6)

    statuses(answers)
    assert all(answer.status_code < 300 or answer.status_code == 409 for answer in answers), answers[0].text
    after = keys_of(api)
    assert before <= after, "what was signed before must still be checked"
    algorithms = Counter(algorithm for algorithm, _ in after - before)
    assert set(algorithms.values()) <= {1}, "rotations that meet are one"
    api.http.get("/v1/users/me", headers=bearer(session["access_token"])).raise_for_status()
    again = api.refresh(session["refresh_token"]).raise_for_status().json()
    api.http.get("/v1/users/me", headers=bearer(again["access_token"])).raise_for_status()


def keys_of(api):
    return {(key["alg"], key["kid"]) for key in api.http.get("/.well-known/jwks.json").json()["keys"]}
