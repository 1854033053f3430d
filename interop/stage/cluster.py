# SPDX-License-Identifier: Apache-2.0
"""The issuer of ServiceAccount tokens that a Kubernetes API server is."""

import secrets
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Cluster:
    """
    issuer: what `iss` says and where the keys are published below
    password: what a pod must show to be given the keys
    """

    KEYS = "/openid/v1/jwks"

    def __init__(self, issuer):
        self.issuer = issuer
        self.password = secrets.token_urlsafe(16)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def configuration(self):
        return {
            "issuer": self.issuer,
            "jwks_uri": self.issuer + self.KEYS,
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "cluster", "use": "sig", "alg": "RS256"}]}

    def token(self, namespace, account, audience, *, key=None, algorithm="RS256", headers=None, **changes):
        """
        A projected token as the kubelet mounts it.

        changes: claims to replace, or to leave out where they are None
        """
        now = int(time.time())
        claims = {
            "aud": [audience],
            "exp": now + 600,
            "iat": now,
            "iss": self.issuer,
            "jti": str(uuid.uuid4()),
            "kubernetes.io": {
                "namespace": namespace,
                "pod": {"name": f"{account}-0", "uid": str(uuid.uuid4())},
                "serviceaccount": {"name": account, "uid": str(uuid.uuid4())},
            },
            "nbf": now,
            "sub": f"system:serviceaccount:{namespace}:{account}",
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(claims, key or self.key, algorithm, headers=headers or {"kid": "cluster"})
