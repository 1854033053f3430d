# SPDX-License-Identifier: Apache-2.0
import concurrent.futures
import os
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack

import httpx
import pytest
from stage.api import Api, bearer
from stage.helper import Helper
from stage.postgres import Postgres
from stage.service import UserService

GRACE = 2
"""Seconds inside which a refresh token may come again."""
FAILURES = 10
"""Wrong passwords after which an account is locked."""


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("battery")


@pytest.fixture(scope="session")
def replicas(directory):
    """
    How many user services share a database, and which, is the run's: INTEROP_DATABASE is embedded for one on SQLite
    (unless set), or postgres for two on a PostgreSQL.
    """
    on_postgres = os.environ.get("INTEROP_DATABASE") == "postgres"
    with ExitStack() as ending:
        more = {}
        if on_postgres:
            database = Postgres(tempfile.mkdtemp(prefix="taskplatform-postgres-"))
            ending.callback(database.close)
            more = database.settings()
        first = None
        replicas = []
        for number in range(2 if on_postgres else 1):
            service = ending.enter_context(
                UserService(
                    f"battery-users-{number}",
                    directory,
                    TOKEN_REFRESH_dash_GRACE=f"PT{GRACE}S",
                    THROTTLE_ACCOUNT_FAILURES=str(FAILURES),
                    **more,
                    **({"ISSUER": first.url} if first else {}),
                )
            )
            first = first or service
            replicas.append(service)
        for service in replicas:
            service.more = more
        yield replicas


@pytest.fixture(scope="session")
def users(replicas):
    return replicas[0]


@pytest.fixture(scope="session")
def api(users):
    return Api(users.url, users.admin)


@pytest.fixture(scope="session", autouse=True)
def short_lived(directory, users, api):
    """A token of a replica whose tokens live for a second."""
    name = api.register()
    with UserService(
        "battery-short", directory, ISSUER=users.url, TOKEN_ACCESS_dash_LIFETIME="PT1S", **users.more
    ) as replica:
        token = Api(replica.url, replica.admin).sign_in(name)["access_token"]
    httpx.get(users.url + "/v1/users/me", headers=bearer(token), timeout=30).raise_for_status()
    return token


@pytest.fixture(scope="session")
def helper():
    helper = Helper()
    yield helper
    helper.close()


class Crowd:
    """Many clients, each with a connection of its own that is already open, that send at the same moment."""

    def __init__(self, urls):
        self.urls = urls

    def send(self, *requests):
        """The responses to the requests (method, path, arguments of httpx), in their order."""
        start = threading.Barrier(len(requests))

        def one(number):
            method, path, arguments = requests[number]
            with httpx.Client(base_url=self.urls[number % len(self.urls)], timeout=60) as client:
                client.get("/openapi", headers={"If-None-Match": "*"})
                start.wait()
                return client.request(method, path, **arguments)

        with concurrent.futures.ThreadPoolExecutor(len(requests)) as threads:
            return list(threads.map(one, range(len(requests))))


@pytest.fixture(scope="session")
def crowd(replicas):
    return Crowd([replica.url for replica in replicas])


def statuses(responses):
    """How often each status was answered; a failure of the server is none that a race may have."""
    counted = Counter(response.status_code for response in responses)
    failed = [response.text for response in responses if response.status_code >= 500 and response.status_code != 503]
    assert not failed, failed[0]
    return counted
