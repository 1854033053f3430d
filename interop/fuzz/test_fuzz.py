# SPDX-License-Identifier: Apache-2.0
"""
Schemathesis makes requests of the OpenAPI documents: right ones, wrong ones, and sequences of them. It fails at a 5xx,
at a status, a header, a media type or a body that the document does not describe, and at wrong requests that are
accepted. The reports are in .local/log/interop-fuzz-*.txt.
"""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from stage.api import Api
from stage.helper import Helper
from stage.service import LOGS, TaskService, UserService
from stage.setup import kubernetes, make_clients

HERE = Path(__file__).parent
SEED = "4"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    directory = tmp_path_factory.mktemp("fuzz")
    helper = Helper()
    with UserService(
        "fuzz-users",
        directory,
        kubernetes(helper.cluster, directory),
        COMPATIBILITY_SIMPLE_dash_API="true",
        # Guesses at the callers' own passwords are among the requests.
        THROTTLE_ACCOUNT_FAILURES="0",
    ) as users:
        client = Api(users.url, users.admin).make_client(
            clientId="fuzz-tasks",
            name="The task service",
            type="confidential",
            grantTypes=["client_credentials"],
            scopes=["events", "users:read"],
        )
        own = client["clientId"], client["clientSecret"]
        with TaskService("fuzz-tasks", directory, users.url, own, COMPATIBILITY_SIMPLE_dash_API="true") as tasks:
            yield {"users": users, "tasks": tasks}
    helper.close()


@pytest.fixture(scope="module")
def people(services):
    """With passwords that no example of the documents has, or they would delete themselves."""
    api = Api(services["users"].url, services["users"].admin)
    password = "of no example"
    return {"user": (api.register("fuzzer", password), password), "admin": services["users"].admin}


@pytest.fixture(scope="module")
def clients(services):
    """Id and secret of a client: one that has tokens of its own, and one that signs people in."""
    made = make_clients(Api(services["users"].url, services["users"].admin))
    return {caller: f"{made[name]['id']}:{made[name]['secret']}" for caller, name in (("user", "worker"), ("admin", "web"))}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("caller", ["user", "admin"])
@pytest.mark.parametrize("name", ["tasks", "users"])
def test_nothing_is_answered_that_is_not_described(services, people, clients, name, caller):
    service = services[name]
    username, password = people[caller]
    report = LOGS / f"interop-fuzz-{name}-{caller}.txt"
    with open(report, "w", encoding="utf-8") as output:
        status = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                *("--config-file", HERE / "schemathesis.toml"),
                *("run", service.url + "/openapi"),
                *("--seed", SEED),
                "--no-color",
                *("--warnings", "off"),
            ],
            env=os.environ
            | {
                "INTEROP_HOOKS": str(HERE / "hooks.py"),
                "INTEROP_SIGN_IN": services["users"].url + "/v1/sessions",
                "INTEROP_USERNAME": username,
                "INTEROP_PASSWORD": password,
                "INTEROP_CLIENT": clients[caller],
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=LOGS,
        ).returncode

    text = report.read_text(encoding="utf-8")
    assert status == 0, text[-20000:]
    assert f"Tested: {selected(text)}" in text and selected(text) > 0
    # It still works, and has logged no failure.
    httpx.get(service.observed + "/observe/health", timeout=30).raise_for_status()
    assert not [record for record in service.log() if record["level"] in ("ERROR", "SEVERE")]


def selected(report):
    return int(report.split("Selected: ")[1].split("/")[0])
