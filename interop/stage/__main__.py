# SPDX-License-Identifier: Apache-2.0
"""
Starts both services, a cluster and a person's browser, and registers who takes part; runs a command that finds all of
it in the file that INTEROP_STAGE names, and ends everything with it.

    python -m stage COMMAND...
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from .api import Api
from .helper import Helper
from .service import TaskService, UserService
from .setup import POD, kubernetes, make_clients, make_person


def main(command):
    # So that what was started is ended when this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ExitStack() as ending:
        directory = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="taskplatform-interop-")))
        helper = Helper()
        ending.callback(helper.close)
        users = UserService("users", directory, kubernetes(helper.cluster, directory))
        ending.callback(users.close)
        tasks = TaskService("tasks", directory, users.url, COMPATIBILITY_SIMPLE_dash_API="true")
        ending.callback(tasks.close)
        users.await_start()
        tasks.await_start()
        api = Api(users.url, users.admin)
        stage = directory / "stage.json"
        stage.write_text(
            json.dumps(
                {
                    "issuer": users.url,
                    "audience": "taskplatform",
                    "admin": users.admin,
                    "tasks": tasks.url,
                    "helper": helper.url,
                    "person": make_person(api),
                    "clients": make_clients(api) | {"pod": POD},
                }
            ),
            encoding="utf-8",
        )
        return subprocess.run(command, env=os.environ | {"INTEROP_STAGE": str(stage)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
