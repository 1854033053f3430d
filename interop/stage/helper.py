# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that lets tests in any language have a person and a cluster."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from .cluster import Cluster
from .person import Person


def claims_first(asked):
    return asked.pop("claims") | asked


class Helper:
    """
    POST /person {url, username, password, allows}: {location} where the browser was sent to, or {status, page}
    GET /token?namespace=&account=&audience=: a ServiceAccount's token, as plain text
    POST /token {namespace, account, audience, claims}: the same with some claims replaced, or left out where null
    GET /.well-known/openid-configuration, /openid/v1/jwks: the cluster's
    """

    def __init__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.cluster = Cluster(self.url)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(helper):  # noqa: N805 - two selves
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                target = urlsplit(self.path)
                if target.path == "/.well-known/openid-configuration":
                    self.answer(helper.cluster.configuration())
                elif target.path == Cluster.KEYS and self.headers["Authorization"] != f"Bearer {helper.cluster.password}":
                    self.send_error(401)  # as an API server does unless anonymous requests are allowed
                elif target.path == Cluster.KEYS:
                    self.answer(helper.cluster.keys())
                elif target.path == "/token":
                    asked = {name: values[0] for name, values in parse_qs(target.query, keep_blank_values=True).items()}
                    self.answer(helper.cluster.token(**asked), "text/plain")
                else:
                    self.send_error(404)

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path == "/token":
                    self.answer(helper.cluster.token(**claims_first(asked)), "text/plain")
                    return
                person = Person(asked["username"], asked["password"], asked.get("allows", True))
                end = person.visit(asked["url"])
                if isinstance(end, str):
                    self.answer({"location": end})
                else:
                    self.answer({"status": end.status_code, "page": end.text})

            def answer(self, content, kind="application/json"):
                body = (content if isinstance(content, str) else json.dumps(content)).encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def close(self):
        self._server.shutdown()
        self._server.server_close()
