# SPDX-License-Identifier: Apache-2.0
"""People with a second factor, and the authenticator in their pocket."""

import base64
import hashlib
import hmac
import struct
import time

from .api import PASSWORD, bearer


def totp(secret, at):
    """RFC 6238 with the parameters that every authenticator has: SHA-1, 6 digits, 30 seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // 30), hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Enrolled:
    """Somebody with a second factor."""

    def __init__(self, api):
        self.username = api.register()
        headers = bearer(api.sign_in(self.username)["access_token"])
        made = api.http.post("/v1/users/me/totp", json={"password": PASSWORD}, headers=headers)
        assert made.status_code in (200, 201), made.text
        self.secret = made.json()["secret"]
        self.at = time.time()
        confirmed = api.http.post(
            "/v1/users/me/totp/confirmation", json={"code": totp(self.secret, self.at)}, headers=headers
        )
        assert confirmed.status_code < 300, confirmed.text
        self.recovery_codes = confirmed.json()["recoveryCodes"]

    def attempt(self, **more):
        return "POST", "/v1/sessions", {"json": {"username": self.username, "password": PASSWORD} | more}

    def next_code(self):
        """The code of the next step, which the tolerance for clocks lets in already."""
        return totp(self.secret, self.at + 30)
