# SPDX-License-Identifier: Apache-2.0
"""Who takes part: the clients that an administrator registers, and the pod that the configuration lets in."""

import httpx

from .api import PASSWORD, bearer

NAMESPACE = "team"
ACCOUNT = "reports"
POD = {"id": "reports", "namespace": NAMESPACE, "account": ACCOUNT, "scope": "events users:read"}
PEOPLE = "openid profile email tasks offline_access"
SERVICES = "events users:read"
REDIRECTS = {
    "web": "https://web.example/callback",
    "other": "https://other.example/callback",
    "compact": "https://compact.example/callback",
    "native": "http://127.0.0.1:49152/callback",
}


def kubernetes(cluster, directory):
    """Settings with which the user service trusts the cluster and knows the pod; directory keeps what it shows there."""
    token = directory / "cluster-token"
    token.write_text(cluster.password, encoding="utf-8")
    return {
        "oauth": {
            "kubernetes": {
                "issuer": cluster.issuer,
                "jwks-uri": cluster.issuer + cluster.KEYS,
                "ca-file": "",
                "token-file": str(token),
                "service-accounts": [
                    {
                        "subject": f"system:serviceaccount:{NAMESPACE}:{ACCOUNT}",
                        "client-id": POD["id"],
                        "scope": POD["scope"],
                    }
                ],
            }
        }
    }


def make_clients(api):
    """
    By name:
    web, other: programs on servers, which have secrets
    compact: one more, with ID tokens by ES256
    native: one on a person's machine, which has none
    worker: a service that acts for itself
    """
    clients = {}
    for name, redirect in REDIRECTS.items():
        clients[name] = api.make_client(
            clientId=f"interop-{name}",
            name=f"The {name} client",
            type="public" if name == "native" else "confidential",
            redirectUris=[redirect],
            grantTypes=["authorization_code", "refresh_token"],
            scopes=PEOPLE.split(),
            idTokenSignedResponseAlg="ES256" if name == "compact" else "RS256",
        )
    clients["worker"] = api.make_client(
        clientId="interop-worker",
        name="The worker",
        type="confidential",
        grantTypes=["client_credentials"],
        scopes=SERVICES.split(),
    )
    return {
        name: {
            "id": client["clientId"],
            "secret": client.get("clientSecret"),
            "redirect_uri": REDIRECTS.get(name, ""),
            "scope": PEOPLE if name in REDIRECTS else SERVICES,
        }
        for name, client in clients.items()
    }


def make_person(api):
    """Somebody who has said all about themselves."""
    username = api.register("Zoë.O")
    headers = bearer(api.sign_in(username)["access_token"])
    profile = {"displayName": "Zoë O’Hara", "email": "zoe@example.org"}
    me = api.http.get("/v1/users/me", headers=headers).raise_for_status()
    changed = httpx.patch(
        api.url + "/v1/users/me",
        json=profile,
        headers=headers | {"If-Match": me.headers["ETag"], "Content-Type": "application/merge-patch+json"},
        timeout=30,
    )
    assert changed.status_code == 200, changed.text
    return {"username": username, "password": PASSWORD, "name": profile["displayName"], "email": profile["email"]}
