# SPDX-License-Identifier: Apache-2.0
"""Somebody with a second factor at the pages."""

import jwt
import pytest
from stage.api import PASSWORD, Api
from stage.enrolled import Enrolled
from stage.person import Person


@pytest.fixture
def enrolled(stage):
    return Enrolled(Api(stage["issuer"], stage["admin"]))


def test_they_are_asked_for_the_code(web, enrolled):
    person = Person(enrolled.username, PASSWORD, code=enrolled.next_code)

    token = web.tokens(person)

    claims = jwt.decode(token["id_token"], options={"verify_signature": False})
    assert {"pwd", "otp"} <= set(claims["amr"])  # RFC 8176


def test_they_may_use_a_recovery_code(web, enrolled):
    person = Person(enrolled.username, PASSWORD, code=lambda: enrolled.recovery_codes[0])
    assert web.code(person)


@pytest.mark.parametrize("code", ["000000", "", "x" * 200])
def test_a_wrong_code_goes_nowhere(web, enrolled, code):
    person = Person(enrolled.username, PASSWORD, code=lambda: code if code != enrolled.next_code() else "111111")
    end = person.visit(web.url())
    assert not isinstance(end, str), end
    assert "invalid_request" not in end.text


def test_the_password_alone_gives_no_session(web, enrolled):
    """Not even at the page that comes next."""
    person = Person(enrolled.username, PASSWORD)
    assert not isinstance(person.visit(web.url()), str)
    assert web.answer(person, prompt="none")["error"] == "login_required"
