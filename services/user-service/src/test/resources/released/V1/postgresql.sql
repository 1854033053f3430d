CREATE TABLE account (
    id            uuid        NOT NULL PRIMARY KEY,
    username      text        NOT NULL,
    username_key  text        NOT NULL UNIQUE,
    password_hash text        NOT NULL,
    created_at    timestamptz NOT NULL
);

-- One row a generation: replicas that make a key at once agree on who was first.
CREATE TABLE signing_key (
    generation integer     NOT NULL PRIMARY KEY,
    kid        text        NOT NULL UNIQUE,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE flyway_schema_history (
    installed_rank INT           NOT NULL PRIMARY KEY,
    version        VARCHAR(50),
    description    VARCHAR(200)  NOT NULL,
    type           VARCHAR(20)   NOT NULL,
    script         VARCHAR(1000) NOT NULL,
    checksum       INT,
    installed_by   VARCHAR(100)  NOT NULL,
    installed_on   TIMESTAMP     NOT NULL DEFAULT now(),
    execution_time INT           NOT NULL,
    success        BOOLEAN       NOT NULL
);
DELETE FROM flyway_schema_history;
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"service_under_test"', NULL, 'tf24245cdd8cf4a6c94589b97a9546dab', '2026-11-25 03:15:01.884694', 0, true);
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES (1, '1', 'accounts and keys', 'SQL', 'V1__accounts_and_keys.sql', -182829578, 'tf24245cdd8cf4a6c94589b97a9546dab', '2026-11-25 03:15:01.897305', 8, true);
DELETE FROM account;
INSERT INTO account (id, username, username_key, password_hash, created_at) VALUES ('01a210b3-16d6-7774-981d-b3a99a7f800c', 'Ann', 'ann', '$argon2id$v=19$m=19456,t=2,p=1$B/sAfqcFeCLxHyXFnQMGSA$KwEBkEYR2k5tzdxFrqE6bwWDLnooajghA/7a5BJW6mE', '2026-11-25 03:15:02.05455+00');
DELETE FROM signing_key;
INSERT INTO signing_key (generation, kid, sealed, created_at) VALUES (1, 'fXMaK2lTOwRxWRqClm1grLmWP07u3rJMoNyetjZYSnU', '\xad8a6510642d8518d157da013afa0a8beba31679066b8acf2d8e0937a388a05f7a1981e0d79acd5ec5039a4b54e4834770eb94232369251a75a0a4121a42ee801d0e2d70303092c9ea826796177b27f7ae939d7e318d93c282c2312ddae84674721e6c2cdbbc2cbf745be2e6c5ec317342fd4bd8c25849d35dfcef3996c9d55e67d403e0cd4d3189e7500ac779ea5683a39f478b5d0e1e13c20a56af504c420c039a0900ff1f68367fff849acfd6ae68108e0161c8381f90e60e431d4577d28b9f336ae0f47ac5e29b6964a8e9633dbaf6d1ff71ccb87a1ad54e186b103954370594a3b12c277f9c59630b4891a8b3c106443fba596ec814874ccdbbd4d3c33246c37f728073caed72eb819751c6d6a594f7610ec407c56b29bb', '2026-11-25 03:15:01.927538+00');
