# SPDX-License-Identifier: Apache-2.0
"""
What the authorization endpoint must not do.

Where the redirect is in doubt nobody is redirected (RFC 6749, section 4.1.2.1); every other error goes to the client,
with its state and who says so (RFC 9207).
"""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from stage.flow import Flow, callback
from stage.person import Forms, Person

REDIRECT_TRICKS = [
    lambda uri: uri + "/",
    lambda uri: uri + "?more=1",
    lambda uri: uri + "/../evil",
    lambda uri: uri + "#fragment",
    lambda uri: uri.replace("/callback", "/Callback"),
    lambda uri: uri.replace("/callback", "/%63allback"),
    lambda uri: uri.replace("web.example", "web.example.evil.example"),
    lambda uri: uri.replace("web.example", "web.example:443"),
    lambda uri: uri.replace("web.example", "WEB.example"),
    lambda uri: uri.replace("https://", "https://evil.example@"),
    lambda uri: uri.replace("https://", "HTTPS://"),
    lambda uri: uri.replace("https://", "http://"),
    lambda uri: uri.replace("https://", "javascript://"),
    lambda uri: uri + "\r\nSet-Cookie: a=b",
    lambda uri: "https://evil.example/callback",
    lambda uri: "//evil.example/callback",
    lambda uri: "",
    lambda uri: [uri, "https://evil.example/callback"],
]


def assert_nobody_is_redirected(response):
    assert response.status_code == 400, (response.status_code, response.headers.get("Location"))
    assert "Location" not in response.headers
    assert response.headers["Content-Type"].startswith("text/html")
    assert not Forms(response.text).forms, "a refusal asks for no password"


@pytest.mark.parametrize("trick", range(len(REDIRECT_TRICKS)))
def test_only_a_registered_redirect_is_followed(web, http, trick):
    redirect = REDIRECT_TRICKS[trick](web.client["redirect_uri"])
    assert_nobody_is_redirected(http.get(web.url(redirect_uri=redirect)))


@pytest.mark.parametrize("client_id", ["nobody", "", None, "<script>alert(1)</script>", "'; --", "x" * 5000, "\x00"])
def test_an_unknown_client_gets_nobody(web, http, client_id):
    response = http.get(web.url(client_id=client_id))
    assert_nobody_is_redirected(response)
    assert "<script>alert" not in response.text


def test_the_same_client_twice_gets_nobody(web, http):
    assert_nobody_is_redirected(http.get(web.url(client_id=[web.client["id"]] * 2)))


def test_a_client_does_not_get_anothers_redirect(web, native, http):
    assert_nobody_is_redirected(http.get(web.url(redirect_uri=native.client["redirect_uri"])))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        # RFC 7636, section 4.3: without a method it is plain.
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "x" * 4000}, "invalid_request"),
        ({"code_challenge": "not!base64url" * 4}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": ["code", "code"]}, "invalid_request"),
        ({"nonce": ["one", "two"]}, "invalid_request"),
        ({"scope": "openid account"}, "invalid_scope"),
        ({"scope": "openid \"quoted\""}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/request"}, "request_uri_not_supported"),
        ({"response_mode": "no-such-mode"}, "invalid_request"),
    ],
)
def test_the_client_is_told_what_is_wrong(web, http, metadata, changes, error):
    response = http.get(web.url(**changes))

    assert response.status_code in (302, 303), response.text
    location = response.headers["Location"]
    assert location.startswith(web.client["redirect_uri"])
    assert urlsplit(location).fragment == ""
    answer = callback(location)
    assert answer["error"] == error
    assert answer["state"] == web.state
    assert answer["iss"] == metadata["issuer"]
    assert "code" not in answer
    # RFC 6749, section 4.1.2.1: what a description may consist of.
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", answer.get("error_description", ""))


def test_a_state_twice_is_an_error(web, http):
    response = http.get(web.url(state=["one", "two"]))
    assert response.status_code in (302, 303, 400)
    if "Location" in response.headers:
        assert callback(response.headers["Location"])["error"] == "invalid_request"


def test_a_person_who_denies_sends_the_client_away(web, person, metadata):
    person.allows = False
    answer = web.answer(person, prompt="consent")
    assert answer["error"] == "access_denied"
    assert answer["state"] == web.state
    assert answer["iss"] == metadata["issuer"]


def test_a_wrong_password_goes_nowhere(web, stage):
    guesser = Person(stage["person"]["username"], "not the password")
    end = guesser.visit(web.url())
    assert isinstance(end, httpx.Response)
    assert end.status_code in (200, 400, 401, 403)
    assert any(form.of_kind("password") for form in Forms(end.text).forms), "one may try again"
    assert "not the password" not in end.text


def test_somebody_unknown_is_told_the_same_as_one_with_a_wrong_password(web, stage):
    known = Person(stage["person"]["username"], "not the password").visit(web.url())
    unknown = Person("nobody-of-that-name", "not the password").visit(web.url())
    assert unknown.status_code == known.status_code
    assert visible(unknown.text, "nobody-of-that-name") == visible(known.text, stage["person"]["username"])


def visible(page, username):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)).replace(username, "WHO")


def sign_in_page(person, flow, **changes):
    page = person.browser.get(flow.url(**changes))
    while page.is_redirect:
        page = person.browser.get(str(page.url.join(page.headers["Location"])))
    form = next(form for form in Forms(page.text).forms if form.of_kind("password"))
    return page, form


def test_a_page_cannot_be_framed_kept_or_scripted(web, person):
    page, _ = sign_in_page(person, web)
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin", "strict-origin", "origin")
    assert page.headers.get("X-Content-Type-Options") == "nosniff"


def test_its_cookies_are_kept_from_scripts_and_other_sites(web, person):
    person.visit(web.url())
    cookies = [cookie for page in [*person.pages] for cookie in page.headers.get_list("Set-Cookie")]
    assert cookies
    for cookie in cookies:
        assert re.search(r";\s*HttpOnly", cookie, re.IGNORECASE), cookie.split("=")[0]
        assert re.search(r";\s*SameSite=(Lax|Strict)", cookie, re.IGNORECASE), cookie.split("=")[0]


def test_another_sites_form_does_not_sign_in(web, stage):
    """The fields of an attacker's own page, posted by the browser of somebody else (OpenID Connect Core, 16.? CSRF)."""
    attacker = Person(stage["person"]["username"], stage["person"]["password"])
    page, form = sign_in_page(attacker, web)
    attacker.browser.cookies.clear()
    response = attacker.sign_in(page, form)
    assert response.status_code in (400, 403), response.headers.get("Location")
    assert "Set-Cookie" not in response.headers or "Location" not in response.headers


def test_a_form_without_its_secret_does_not_sign_in(web, person):
    page, form = sign_in_page(person, web)
    secret = [name for name, kind in form.kinds.items() if kind == "hidden" and len(form.fields[name]) > 15]
    assert secret, "nothing protects the form from other sites"
    for name in secret:
        form.fields[name] = "made-up"
    response = person.sign_in(page, form)
    assert response.status_code in (400, 403), response.headers.get("Location")
    assert web.answer(person, prompt="none")["error"] == "login_required"


def test_the_page_shows_no_markup_of_the_request(web, person):
    attack = "\"><script>alert(1)</script>"
    page, _ = sign_in_page(person, web, state=attack, nonce=attack, login_hint=attack)
    assert "<script>alert(1)" not in page.text


def test_a_long_state_comes_back(web, person):
    state = "s" * 1500
    assert web.answer(person, state=state)["state"] == state


def test_a_request_without_state_gets_none(web, person):
    assert "state" not in web.answer(person, state=None)


def test_the_issuer_is_named_with_the_code(web, person, metadata):
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert web.answer(person)["iss"] == metadata["issuer"]


def test_a_request_may_be_posted(web, person):
    """OpenID Connect Core, section 3.1.2.1: GET and POST."""
    url = web.url()
    response = person.browser.post(url.split("?")[0], content=url.split("?")[1],
                                   headers={"Content-Type": "application/x-www-form-urlencoded"})
    end = person.go_on(response)
    assert isinstance(end, str), end.text
    assert callback(end)["state"] == web.state


def test_who_is_signed_in_is_not_asked_again(web, person):
    first = web.code(person)
    asked = len(person.pages)
    second = web.answer(person, prompt="none")
    assert second["code"] != first
    assert len(person.pages) == asked


def test_prompt_login_asks_again(web, person):
    web.code(person)
    asked = len(person.pages)
    web.code(person, prompt="login")
    assert len(person.pages) > asked


def test_max_age_0_asks_again(web, person):
    web.code(person)
    asked = len(person.pages)
    web.code(person, max_age="0")
    assert len(person.pages) > asked


def test_an_unknown_parameter_is_ignored(web, person):
    """RFC 6749, section 3.1."""
    assert web.code(person, resource_hint="x", display="page", ui_locales="de fr", acr_values="1")


@pytest.mark.parametrize("unknown", ["no-such-scope", "events", "address phone"])
def test_a_scope_that_is_unknown_is_left_out(web, person, unknown):
    """OpenID Connect Core, section 3.1.2.1; RFC 6749, section 3.3 wants to hear what was given instead."""
    token = web.tokens(person, scope=f"openid {unknown}")
    assert token["scope"] == "openid"


def test_a_program_on_the_persons_machine_listens_where_it_can(native, person):
    """RFC 8252, section 7.3: the port of a loopback address is free, and nothing else of it."""
    native.client = native.client | {"redirect_uri": "http://127.0.0.1:50000/callback"}
    assert native.tokens(person)["id_token"]


@pytest.mark.parametrize(
    "redirect",
    ["http://localhost:49152/callback", "http://127.0.0.2:49152/callback", "https://127.0.0.1:49152/callback",
     "http://127.0.0.1:49152/other", "http://127.0.0.1:49152@evil.example/callback", "http://127.0.0.1.evil.example/callback",
     "http://127.0.0.1:0x50/callback", "http://127.0.0.1:/callback", "http://127.0.0.1:123456/callback"],
)
def test_nothing_else_of_a_loopback_address_is_free(native, http, redirect):
    assert_nobody_is_redirected(http.get(native.url(redirect_uri=redirect)))


def test_a_scope_without_openid_gives_no_id_token(stage, metadata, person):
    web = Flow(metadata, stage["clients"]["web"])
    token = web.tokens(person, scope="tasks", nonce=None)
    assert "id_token" not in token
    assert token["scope"] == "tasks"


def test_a_scope_without_offline_access_still_answers(web, person):
    token = web.tokens(person, scope="openid")
    assert set(token.get("scope", "openid").split()) == {"openid"}
    assert token["id_token"]
