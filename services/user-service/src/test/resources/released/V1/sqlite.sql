CREATE TABLE account (
    id            TEXT    NOT NULL PRIMARY KEY,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- One row a generation: replicas that make a key at once agree on who was first.
CREATE TABLE signing_key (
    generation INTEGER NOT NULL PRIMARY KEY,
    kid        TEXT    NOT NULL UNIQUE,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE flyway_schema_history (
    installed_rank INT           NOT NULL PRIMARY KEY,
    version        VARCHAR(50),
    description    VARCHAR(200)  NOT NULL,
    type           VARCHAR(20)   NOT NULL,
    script         VARCHAR(1000) NOT NULL,
    checksum       INT,
    installed_by   VARCHAR(100)  NOT NULL,
    installed_on   TEXT          NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    execution_time INT           NOT NULL,
    success        BOOLEAN       NOT NULL
);
DELETE FROM flyway_schema_history;
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES (1, '1', 'accounts and keys', 'SQL', 'V1__accounts_and_keys.sql', 2122281953, '', '2026-11-25 03:14:59.401', 3, 1);
DELETE FROM account;
INSERT INTO account (id, username, username_key, password_hash, created_at) VALUES ('01a210b3-0fe4-70e8-b0e2-5bf3d62bbdb9', 'Ann', 'ann', '$argon2id$v=19$m=19456,t=2,p=1$rOZPr1roX8hYXBrvYmhCnw$ro2ckxoVKaIUUHT6nYMUo6QkvqJD+8R0MEHA0RkKHQI', 1795576500268087);
DELETE FROM signing_key;
INSERT INTO signing_key (generation, kid, sealed, created_at) VALUES (1, 'G85XBjG5BwUV8eTWafoPeqkq53Qudt3Loxi6If9APmE', X'fe17ddc7bef97b498ec960ebcb658c1cb09651c6da975e78217dcea7a440bc11e9c842f23754bd1ead9a69556745960b652e9808739f62c98227ea840af02ef68594ecf2842ef0e099b994efd39ee982950fdbdba2f19bbb2e495a3b6051f6986673d02bb1de5ab7efe48325103cb26a541ecc06abe733a1f05b20721de1160742dd8419908e66edaf4465b2815eb33548563601f1bc09e6d56c7f7f7a814da46dcab07ded7db263795648f939732275fc1065b9413585ccecb3dfc5f50a302d43cd2c6987e98551d8e2d5615566875fcb15c2492439de3b1812db22338b5c0c846e9eee43357d8106f18b8eb78fbf56822f487352a73897000fb657fe9c0b199d7b1881b8191a49646fa03bb2bdbd9475ca0b6df1177b2b2c2f', 1795576499553343);
