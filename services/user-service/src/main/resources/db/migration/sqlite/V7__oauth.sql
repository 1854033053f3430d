-- Lists are words parted by spaces.
CREATE TABLE oauth_client (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    type          TEXT    NOT NULL,
    redirect_uris TEXT    NOT NULL,
    grant_types   TEXT    NOT NULL,
    scopes        TEXT    NOT NULL,
    first_party   INTEGER NOT NULL,
    id_token_alg  TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE oauth_client_secret (
    id         TEXT    NOT NULL PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    hash       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX oauth_client_secret_by_client ON oauth_client_secret (client_id);

-- browser_session is where it was granted: when that has ended, it is worth nothing. session_id is of the tokens that it
-- was exchanged for; not null means that it was.
CREATE TABLE oauth_code (
    hash             BLOB    NOT NULL PRIMARY KEY,
    client_id        TEXT    NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    user_id          TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    redirect_uri     TEXT    NOT NULL,
    scope            TEXT    NOT NULL,
    nonce            TEXT,
    code_challenge   TEXT    NOT NULL,
    methods          TEXT    NOT NULL,
    authenticated_at INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    browser_session  TEXT    NOT NULL,
    session_id       TEXT
) STRICT;
CREATE INDEX oauth_code_by_end ON oauth_code (expires_at);
CREATE INDEX oauth_code_by_client ON oauth_code (client_id);
CREATE INDEX oauth_code_by_user ON oauth_code (user_id);

CREATE TABLE oauth_consent (
    user_id    TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id  TEXT    NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    scope      TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, client_id)
) STRICT;
CREATE INDEX oauth_consent_by_client ON oauth_consent (client_id);

-- What the cookie of a browser stands for: a session that was begun on the sign-in page, and goes with it.
CREATE TABLE oauth_browser (
    hash       BLOB    NOT NULL PRIMARY KEY,
    session_id TEXT    NOT NULL UNIQUE REFERENCES session (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT;
