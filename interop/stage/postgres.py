# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of one's own, from the same archive that the Java tests take theirs from."""

import os
import platform
import shutil
import signal
import socket
import subprocess
import tarfile
import time
import zipfile
from io import BytesIO
from pathlib import Path

from .service import LOGS, PATIENCE, ROOT, free_port

MACHINES = {"x86_64": "linux-amd64-", "aarch64": "linux-arm64v8-"}


class Postgres:
    """directory: for its programs and its data, which go with it"""

    def __init__(self, directory):
        self._directory = Path(directory)
        self.port = free_port()
        programs = self._directory / "programs"
        unpack(programs)
        # It does not run as root. In a user namespace without mappings root is nobody, and still the owner of its files.
        self._as = ["unshare", "--user"] if os.geteuid() == 0 else []
        data = self._directory / "data"
        self._run(programs / "bin" / "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8",
                  "--no-locale", "--no-sync", f"--pgdata={data}")
        with open(LOGS / "interop-postgres.log", "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*self._as, programs / "bin" / "postgres", "-D", data, "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self._directory}",
                 "-c", "fsync=off", "-c", "synchronous_commit=off"],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await_start()
        self.secret = self._directory / "secret"
        self.secret.mkdir()
        for name, value in {"host": "127.0.0.1", "port": self.port, "dbname": "postgres", "username": "postgres",
                            "password": "not asked for"}.items():
            (self.secret / name).write_text(str(value), encoding="utf-8")

    def settings(self):
        """With which a service keeps its data here."""
        return {"DATABASE_KIND": "postgres", "DATABASE_POSTGRES_SECRET_dash_DIR": str(self.secret)}

    def _run(self, *command):
        done = subprocess.run([*self._as, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0].name} failed: {done.stdout}")

    def _await_start(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.close()
        raise RuntimeError(f"PostgreSQL does not start: see {LOGS}/interop-postgres.log")

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # its fast shutdown
            self._process.wait(PATIENCE)
        shutil.rmtree(self._directory)


def unpack(target):
    paths = (ROOT / "services" / "user-service" / "target" / "postgres").read_text(encoding="utf-8").split(":")
    jar = next(path for path in paths if f"binaries-{MACHINES[platform.machine()]}" in path and "alpine" not in path)
    with zipfile.ZipFile(jar) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".txz"))
        with tarfile.open(fileobj=BytesIO(archive.read(name)), mode="r:xz") as programs:
            programs.extractall(target)
