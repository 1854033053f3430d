# SPDX-License-Identifier: Apache-2.0
"""A person with a browser: reads pages, fills in forms, follows redirects."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

ALLOW = re.compile(r"allow|approve|accept|agree|yes|grant", re.IGNORECASE)
DENY = re.compile(r"deny|cancel|refuse|reject|decline|no\b", re.IGNORECASE)
MAX_PAGES = 12


@dataclass
class Form:
    """fields: name -> value of what is sent whichever button is pressed; buttons: (name, value, what the person reads)."""

    action: str
    method: str
    fields: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def of_kind(self, kind):
        return next((name for name, its in self.kinds.items() if its == kind), None)

    def button(self, wanted):
        """The first one whose text, name or value matches, as the field that pressing it adds."""
        for name, value, text in self.buttons:
            if wanted.search(text) or wanted.search(value) or wanted.search(name):
                return {name: value} if name else {}
        return None


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self._form = None
        self._button = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        got = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(got.get("action", ""), got.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and got.get("type") in ("submit", "image"):
            self._form.buttons.append((got.get("name", ""), got.get("value", ""), got.get("value", "")))
        elif tag == "input" and got.get("type") in ("checkbox", "radio") and "checked" not in got:
            return
        elif tag == "input" and got.get("name"):
            self._form.fields[got["name"]] = got.get("value", "")
            self._form.kinds[got["name"]] = got.get("type", "text").lower()
        elif tag == "button" and got.get("type", "submit") == "submit":
            self._button = [got.get("name", ""), got.get("value", ""), ""]

    def handle_data(self, data):
        if self._button:
            self._button[2] += data

    def handle_endtag(self, tag):
        if tag == "button" and self._button:
            self._form.buttons.append(tuple(self._button))
            self._button = None
        elif tag == "form":
            self._form = None


class Person:
    """
    username, password: what the person types in where a form asks
    allows: whether they press the button that allows or the one that denies; None: they stop at that page
    code: a function that gives the code of their second factor
    """

    def __init__(self, username, password, allows=True, code=None):
        self.username = username
        self.password = password
        self.allows = allows
        self.code = code
        self.browser = httpx.Client(follow_redirects=False, timeout=30)
        self.pages = []
        """Every page that was shown, in order."""

    def visit(self, url):
        """
        Opens the address and does what the pages ask for.

        Returns the address outside the site that the browser is sent to, or the last page if there is no way on.
        """
        return self.go_on(self.browser.get(url))

    def go_on(self, response):
        signed_in = code_sent = False
        for _ in range(MAX_PAGES):
            if response.is_redirect:
                target = urljoin(str(response.url), response.headers["Location"])
                if urlsplit(target)[:2] != urlsplit(str(response.url))[:2]:
                    return target
                response = self.browser.get(target)
                continue
            self.pages.append(response)
            forms = Forms(response.text).forms if "html" in response.headers.get("Content-Type", "") else []
            asks = next((form for form in forms if code_field(form)), None)
            if asks and self.code and signed_in and not code_sent:
                code_sent = True
                asks.fields[code_field(asks)] = self.code()
                response = self.sign_in(response, asks)
                continue
            form = next((form for form in forms if form.of_kind("password")), None)
            if signed_in and (asks or form):
                return response  # They were wrong; trying the same again does not help.
            if form:
                signed_in = True
                response = self.sign_in(response, form)
                continue
            decision = self.decision(forms)
            if decision is None:
                return response
            response = self.submit(response, *decision)
        raise AssertionError(f"{MAX_PAGES} pages and no end: {[str(page.url) for page in self.pages]}")

    def sign_in(self, page, form):
        """Fills in what the form asks for, and presses its first button."""
        if form.of_kind("password"):
            form.fields[form.of_kind("password")] = self.password
        name = next((name for name, kind in form.kinds.items()
                     if kind in ("text", "email") and name != code_field(form)), None)
        if name:
            form.fields[name] = self.username
        pressed = form.buttons[0] if form.buttons else ("", "", "")
        return self.submit(page, form, {pressed[0]: pressed[1]} if pressed[0] else {})

    def decision(self, forms):
        if self.allows is None:
            return None
        wanted = ALLOW if self.allows else DENY
        for form in forms:
            pressed = form.button(wanted)
            if pressed is not None:
                return form, pressed
        return None

    def submit(self, page, form, pressed):
        target = urljoin(str(page.url), form.action)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(str(page.url)))
        if form.method == "post":
            return self.browser.post(target, data={**form.fields, **pressed}, headers={"Origin": origin})
        return self.browser.get(target, params={**form.fields, **pressed})


def code_field(form):
    """Where the second factor goes."""
    return next((name for name, kind in form.kinds.items()
                 if kind != "hidden" and re.search(r"code|otp", name, re.IGNORECASE)), None)
