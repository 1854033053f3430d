CREATE TABLE zone (
    code varchar(8) NOT NULL PRIMARY KEY
);

CREATE TABLE kinds (
    id      uuid NOT NULL PRIMARY KEY,
    yes     boolean,
    small   smallint,
    large   bigint,
    real    double precision,
    text    text,
    bytes   bytea,
    instant timestamptz,
    json    jsonb,
    parent  uuid REFERENCES kinds (id),
    zone    varchar(8) REFERENCES zone (code)
);

CREATE TABLE alpha (
    id   text NOT NULL PRIMARY KEY,
    beta text
);

CREATE TABLE beta (
    id    text NOT NULL PRIMARY KEY,
    alpha text NOT NULL REFERENCES alpha (id)
);

ALTER TABLE alpha ADD FOREIGN KEY (beta) REFERENCES beta (id);

CREATE TABLE counted (
    seq  bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text text   NOT NULL
);

CREATE TABLE loose (
    text  text,
    value bigint
);

CREATE TABLE counter (
    last bigint NOT NULL
);
INSERT INTO counter (last) VALUES (0);

CREATE TABLE audit (
    id   text NOT NULL PRIMARY KEY,
    what text NOT NULL
);

CREATE FUNCTION audit_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed';
END
$$;

CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_never_changes();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_never_changes();
