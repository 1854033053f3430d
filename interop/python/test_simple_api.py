# SPDX-License-Identifier: Apache-2.0
"""The clients of the simple API know nothing but passwords."""

import httpx
import pytest
from stage.api import PASSWORD, Api


@pytest.fixture
def api(stage):
    return Api(stage["issuer"], stage["admin"])


def test_it_goes_from_registration_to_a_task(api, stage):
    http = httpx.Client(timeout=30)
    credentials = {"username": "simple", "password": PASSWORD}
    assert http.post(api.url + "/register", json=credentials).json() == {"message": "User registered successfully"}
    assert http.post(api.url + "/register", json=credentials).status_code == 400
    assert http.post(api.url + "/login", json=credentials).json()["message"] == "Login successful"
    made = http.post(
        stage["tasks"] + "/tasks",
        params={"password": PASSWORD},
        json={"title": "A task", "description": "of the simple API", "username": "simple"},
    )
    assert made.json() == {"message": "Task created"}
    found = http.get(stage["tasks"] + "/tasks/simple", params={"password": PASSWORD}).json()
    assert [task["title"] for task in found] == ["A task"]


def test_a_locked_account_is_no_failure_of_the_service(api, stage):
    username = api.register()
    for _ in range(12):
        refused = api.http.post("/login", json={"username": username, "password": "not the password"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0

    response = httpx.get(f"{stage['tasks']}/tasks/{username}", params={"password": PASSWORD}, timeout=30)

    assert response.status_code == 429, response.text
    assert int(response.headers["Retry-After"]) > 0
