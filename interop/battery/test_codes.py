# SPDX-License-Identifier: Apache-2.0
"""Authorization codes that are redeemed by many at once."""

import httpx
import pytest
from conftest import statuses
from stage.api import PASSWORD
from stage.flow import Flow
from stage.person import Person
from stage.setup import make_clients

MANY = 20


@pytest.fixture(scope="module")
def native(api):
    metadata = httpx.get(api.url + "/.well-known/openid-configuration").raise_for_status().json()
    return lambda: Flow(metadata, make_clients_once(api)["native"])


_made = {}


def make_clients_once(api):
    if not _made:
        _made.update(make_clients(api))
    return _made


def redeem(flow, code):
    return (
        "POST",
        "/oauth2/token",
        {
            "data": {
                "grant_type": "authorization_code",
                "code": code,
                "client_id": flow.client["id"],
                "redirect_uri": flow.client["redirect_uri"],
                "code_verifier": flow.verifier,
            }
        },
    )


def test_one_of_many_redeems_the_code(api, native, crowd):
    for _ in range(3):
        flow = native()
        code = flow.code(Person(api.register(), PASSWORD))

        answers = crowd.send(*[redeem(flow, code)] * MANY)

        assert statuses(answers) == {200: 1, 400: MANY - 1}
        assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
        # A code that came again is a stolen code: nobody keeps what it gave.
        winner = next(answer for answer in answers if answer.status_code == 200).json()
        assert flow.refresh(winner["refresh_token"]).status_code == 400


def test_a_wrong_verifier_does_not_let_the_right_one_wait(api, native, crowd):
    """Whichever comes first decides; never both."""
    flow = native()
    code = flow.code(Person(api.register(), PASSWORD))
    right, wrong = redeem(flow, code), redeem(flow, code)
    wrong[2]["data"]["code_verifier"] = "w" * 64

    answers = crowd.send(*[wrong] * 5, right, *[wrong] * 5)

    counted = statuses(answers)
    assert counted[200] <= 1
    assert all(answer.status_code == 400 for answer in answers if answer is not answers[5])
