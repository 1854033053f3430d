# SPDX-License-Identifier: Apache-2.0
"""Who calls, and what Schemathesis does not check by itself."""

import base64
import os

import httpx
import schemathesis

FROM_THE_SERVER = {405, 414, 431}
"""What is answered before a route is chosen, which the documents describe once for all."""


@schemathesis.auth(refresh_interval=30)
class Caller:
    """
    A person with an access token where one is wanted, taken often anew: among the requests are those that end sessions.
    A client with its secret at the endpoints for clients.
    """

    def get(self, case, context):
        credentials = {"username": os.environ["INTEROP_USERNAME"], "password": os.environ["INTEROP_PASSWORD"]}
        return httpx.post(os.environ["INTEROP_SIGN_IN"], json=credentials, timeout=30).json()["access_token"]

    def set(self, case, token, context):
        wanted = {name for way in case.operation.definition.raw.get("security", []) for name in way}
        case.headers = case.headers or {}
        if "clientSecret" in wanted:
            pair = base64.b64encode(os.environ["INTEROP_CLIENT"].encode()).decode()
            case.headers["Authorization"] = f"Basic {pair}"
        elif wanted:
            case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.check
def the_status_is_documented_by_itself(context, response, case):
    """`default` describes failures of the server; a status that a client may cause has its own description."""
    status = str(response.status_code)
    documented = {str(code) for code in case.operation.definition.raw.get("responses", {})}
    if status.startswith(("2", "3", "4")) and int(status) not in FROM_THE_SERVER and status not in documented:
        raise AssertionError(f"{status} is not documented for {case.operation.label}; {sorted(documented)} are")


@schemathesis.check
def every_answer_can_be_found_in_the_log(context, response, case):
    if not response.headers.get("x-request-id"):
        raise AssertionError("no X-Request-Id")


@schemathesis.check
def nothing_of_the_inside_is_told(context, response, case):
    text = response.content.decode("utf-8", "replace")
    for word in ("Exception", "dev.taskplatform.", "io.helidon", "org.sqlite", "SQLITE_", "\tat ", "$argon2"):
        if word in text and word not in str(case.body) and word not in str(response.request.url):
            raise AssertionError(f"the answer says {word}")
