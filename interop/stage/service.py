# SPDX-License-Identifier: Apache-2.0
"""The services as processes of their own, as a container runs them."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGS = Path(os.environ.get("INTEROP_LOGS", ROOT / ".local" / "log"))
LISTENING = re.compile(r"Listening on port (\d+), observed on port (\d+)")
PATIENCE = 60
"""Seconds that a start or an end may take on a busy machine."""
ADMIN = "interop-admin"


class Service:
    """One process. Its log goes to .local/log; it is ended by `close`."""

    def __init__(self, name, module, main, settings):
        self.name = name
        self._listening = threading.Event()
        self._observed = None
        environment = {key: value for key, value in os.environ.items() if not key.startswith("INTEROP_")}
        environment |= {
            "SERVER_HOST": "127.0.0.1",
            "SERVER_OBSERVE_HOST": "127.0.0.1",
            "SERVER_OBSERVE_PORT": "0",
            "SERVER_DRAIN": "PT0S",
        }
        environment |= settings
        module = ROOT / "services" / module / "target"
        class_path = f"{module / 'classes'}:{(module / 'classpath').read_text()}"
        self._process = subprocess.Popen(
            [
                Path(os.environ["JAVA_HOME"], "bin", "java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                *("-cp", class_path),
                main,
            ],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        # All the time: a process whose output nobody takes stops when the pipe is full.
        with open(LOGS / f"interop-{self.name}.log", "w", encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                if not self._listening.is_set() and (found := LISTENING.search(line)):
                    self._observed = int(found[2])
                    self._listening.set()
        self._listening.set()

    def await_start(self):
        if not self._listening.wait(PATIENCE) or self._observed is None:
            self.close()
            raise RuntimeError(f"{self.name} does not start: see {LOGS}/interop-{self.name}.log")
        return self

    @property
    def observed(self):
        """Where health and metrics are."""
        return f"http://127.0.0.1:{self._observed}"

    def log(self):
        """The records it has logged."""
        text = (LOGS / f"interop-{self.name}.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def __enter__(self):
        return self.await_start()

    def __exit__(self, *_):
        self.close()


class UserService(Service):
    """
    A user service with cheap passwords and an administrator.

    directory: keeps its database and its keys; two services on one directory are replicas of each other
    file: settings of the mounted file
    more: settings, by the names of their environment variables
    """

    def __init__(self, name, directory, file=None, **more):
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.admin = ADMIN, written_once(directory / "admin-password", secrets.token_urlsafe(16))
        key = directory / "encryption-key"
        written_once(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        mounted = directory / f"{name}.yaml"
        mounted.write_text(json.dumps(file or {}), encoding="utf-8")  # JSON is YAML
        super().__init__(
            name,
            "user-service",
            "dev.taskplatform.user.Main",
            {
                "TASKPLATFORM_CONFIG_FILE": str(mounted),
                "SERVER_PORT": str(port),
                "ISSUER": self.url,
                "DATABASE_EMBEDDED_PATH": str(directory / "users.db"),
                "KEYS_ENCRYPTION_dash_KEY_dash_FILE": str(key),
                "PASSWORD_ARGON2_MEMORY_dash_KIB": "64",
                "PASSWORD_ARGON2_ITERATIONS": "1",
                # All tests come from one address.
                "RATE_REQUESTS_dash_PER_dash_SECOND": "0",
                "THROTTLE_ADDRESS_FAILURES": "0",
                "ADMIN_BOOTSTRAP_USERNAME": ADMIN,
                "ADMIN_BOOTSTRAP_PASSWORD_dash_FILE": str(directory / "admin-password"),
                **more,
            },
        )


class TaskService(Service):
    """
    A task service that trusts the issuer at `users`.

    client: its id and secret there, with which it follows events and looks persons up
    """

    def __init__(self, name, directory, users, client=None, **more):
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        key = directory / "task-encryption-key"
        written_once(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        if client:
            written_once(directory / "task-client-secret", client[1])
            more["USER_dash_SERVICE_CLIENT_dash_ID"] = client[0]
            more["USER_dash_SERVICE_CLIENT_dash_SECRET_dash_FILE"] = str(directory / "task-client-secret")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            name,
            "task-service",
            "dev.taskplatform.task.Main",
            {
                "SERVER_PORT": str(port),
                "ISSUER": users,
                "USER_dash_SERVICE_URL": users,
                "DATABASE_EMBEDDED_PATH": str(directory / "tasks.db"),
                "KEYS_ENCRYPTION_dash_KEY_dash_FILE": str(key),
                "RATE_REQUESTS_dash_PER_dash_SECOND": "0",
                **more,
            },
        )


def written_once(path, text):
    """The text of the file, which is made of `text` if it is not there."""
    if not path.exists():
        path.write_text(text + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def free_port():
    """A port that was free a moment ago: an issuer's name contains its port, so it must be known before the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
