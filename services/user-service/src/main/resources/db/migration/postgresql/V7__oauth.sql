-- Lists are words parted by spaces.
CREATE TABLE oauth_client (
    id            text        NOT NULL PRIMARY KEY,
    name          text        NOT NULL,
    type          text        NOT NULL,
    redirect_uris text        NOT NULL,
    grant_types   text        NOT NULL,
    scopes        text        NOT NULL,
    first_party   boolean     NOT NULL,
    id_token_alg  text        NOT NULL,
    version       bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

CREATE TABLE oauth_client_secret (
    id         uuid        NOT NULL PRIMARY KEY,
    client_id  text        NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    hash       bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX oauth_client_secret_by_client ON oauth_client_secret (client_id);

-- browser_session is where it was granted: when that has ended, it is worth nothing. session_id is of the tokens that it
-- was exchanged for; not null means that it was.
CREATE TABLE oauth_code (
    hash             bytea       NOT NULL PRIMARY KEY,
    client_id        text        NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    user_id          uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    redirect_uri     text        NOT NULL,
    scope            text        NOT NULL,
    nonce            text,
    code_challenge   text        NOT NULL,
    methods          text        NOT NULL,
    authenticated_at timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    browser_session  uuid        NOT NULL,
    session_id       uuid
);
CREATE INDEX oauth_code_by_end ON oauth_code (expires_at);
CREATE INDEX oauth_code_by_client ON oauth_code (client_id);
CREATE INDEX oauth_code_by_user ON oauth_code (user_id);

CREATE TABLE oauth_consent (
    user_id    uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id  text        NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    scope      text        NOT NULL,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, client_id)
);
CREATE INDEX oauth_consent_by_client ON oauth_consent (client_id);

-- What the cookie of a browser stands for: a session that was begun on the sign-in page, and goes with it.
CREATE TABLE oauth_browser (
    hash       bytea       NOT NULL PRIMARY KEY,
    session_id uuid        NOT NULL UNIQUE REFERENCES session (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
