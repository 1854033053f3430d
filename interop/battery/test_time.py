# SPDX-License-Identifier: Apache-2.0
"""What time does to tokens. Last of all, so that the time has passed while others were tested."""

import time

import jwt
from conftest import statuses
from stage.api import bearer

CLOCKS = 30
"""Seconds that two machines' clocks may differ by."""


def test_an_expired_one_is_refused(api, short_lived):
    end = jwt.decode(short_lived, options={"verify_signature": False})["exp"]
    time.sleep(max(0.0, end + CLOCKS + 1 - time.time()))

    response = api.http.get("/v1/users/me", headers=bearer(short_lived))

    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_key_that_is_known_to_somebody_is_of_no_more_use(api, crowd, replicas):
    """Every replica refuses what it signed, soon; sessions go on."""
    session = api.sign_in(api.register())
    before = jwt.get_unverified_header(session["access_token"])["kid"]

    answers = crowd.send(
        *[("POST", "/v1/admin/keys/rotation", {"headers": api.admin(), "json": {"revokePrevious": True}})] * 2
    )

    statuses(answers)
    assert any(answer.status_code == 202 for answer in answers), answers[0].text
    end = time.monotonic() + 15
    for replica in replicas:
        while api.http.get(replica.url + "/v1/users/me", headers=bearer(session["access_token"])).status_code != 401:
            assert time.monotonic() < end, f"{replica.url} still takes it"
            time.sleep(0.2)
        keys = api.http.get(replica.url + "/.well-known/jwks.json").json()["keys"]
        assert before not in {key["kid"] for key in keys}
    again = api.refresh(session["refresh_token"]).raise_for_status().json()
    for replica in replicas:
        api.http.get(replica.url + "/v1/users/me", headers=bearer(again["access_token"])).raise_for_status()
