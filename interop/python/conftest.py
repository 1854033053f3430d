# SPDX-License-Identifier: Apache-2.0
import json
import os
from pathlib import Path

import httpx
import pytest
from stage.flow import Flow
from stage.person import Person


@pytest.fixture(scope="session")
def stage():
    """What stage/__main__.py has started."""
    return json.loads(Path(os.environ["INTEROP_STAGE"]).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def metadata(stage):
    return httpx.get(stage["issuer"].rstrip("/") + "/.well-known/openid-configuration").raise_for_status().json()


@pytest.fixture(scope="session")
def http():
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture
def person(stage):
    """Somebody who has an account, in front of a fresh browser."""
    with_account = stage["person"]
    person = Person(with_account["username"], with_account["password"])
    yield person
    person.browser.close()


@pytest.fixture
def web(stage, metadata):
    return Flow(metadata, stage["clients"]["web"])


@pytest.fixture
def native(stage, metadata):
    return Flow(metadata, stage["clients"]["native"])
