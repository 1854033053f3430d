# SPDX-License-Identifier: Apache-2.0
"""A one-time password is for one time (RFC 6238, section 5.2), however many send it at once."""

import base64

import pytest
from conftest import statuses
from stage.enrolled import Enrolled, totp

MANY = 10


@pytest.fixture
def enrolled(api):
    return Enrolled(api)


def test_the_test_computes_what_the_rfc_says():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp(secret, 59) == "287082"
    assert totp(secret, 1111111109) == "081804"


def test_the_password_alone_is_not_enough(api, enrolled):
    response = api.http.request(*enrolled.attempt()[:2], **enrolled.attempt()[2])
    assert response.status_code == 401
    assert "access_token" not in response.text


def test_the_code_of_the_confirmation_does_not_sign_in(api, enrolled):
    method, path, arguments = enrolled.attempt(code=totp(enrolled.secret, enrolled.at))
    assert api.http.request(method, path, **arguments).status_code == 401


def test_one_of_many_with_the_same_code_is_let_in(enrolled, crowd):
    counted = statuses(crowd.send(*[enrolled.attempt(code=enrolled.next_code())] * MANY))
    assert counted[201] == 1, counted


def test_one_of_many_with_the_same_recovery_code_is_let_in(enrolled, crowd):
    counted = statuses(crowd.send(*[enrolled.attempt(code=enrolled.recovery_codes[0])] * MANY))
    assert counted[201] == 1, counted


def test_codes_cannot_be_tried_out(api, enrolled):
    wrong = f"{(int(enrolled.next_code()) + 1) % 1_000_000:06}"
    answers = [
        api.http.request(method, path, **arguments)
        for method, path, arguments in [enrolled.attempt(code=wrong)] * 12
    ]
    assert answers[-1].status_code in (423, 429), [answer.status_code for answer in answers]
