// SPDX-License-Identifier: Apache-2.0
// openid-client, oauth4webapi and jose, the libraries of most Node services and browser applications, go through the flows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';

/** What stage/__main__.py has started. */
const stage = JSON.parse(readFileSync(process.env.INTEROP_STAGE, 'utf8'));
const NO_TLS = { execute: [openid.allowInsecureRequests] };

/** @param how the client authenticates; by default with its secret in the header, or not at all if it has none */
async function discovered(name, how, more = {}) {
  const { id, secret } = stage.clients[name];
  const authentication = how ?? (secret ? openid.ClientSecretBasic(secret) : openid.None());
  return openid.discovery(new URL(stage.issuer), id, { client_secret: secret, ...more }, authentication, NO_TLS);
}

/** The person signs in and allows; where their browser is sent to. */
async function visit(url, more = {}) {
  const response = await fetch(`${stage.helper}/person`, {
    method: 'POST',
    body: JSON.stringify({ url: url.href, ...stage.person, ...more }),
  });
  const end = await response.json();
  assert.ok(end.location, `the person got stuck: ${end.page}`);
  return new URL(end.location);
}

async function authorized(config, name, more = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: openid.randomState(), expectedNonce: openid.randomNonce() };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: stage.clients[name].redirect_uri,
    scope: stage.clients[name].scope,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { location: await visit(url), checks };
}

async function signedIn(config, name) {
  const { location, checks } = await authorized(config, name);
  // It checks state, iss, nonce, at_hash, the signature, and that the issuer that announces iss sends it.
  return openid.authorizationCodeGrant(config, location, { ...checks, idTokenExpected: true });
}

for (const name of ['web', 'native']) {
  test(`${name}: signs a person in`, async () => {
    const config = await discovered(name);
    openid.enableNonRepudiationChecks(config); // the signature of the ID token too

    const token = await signedIn(config, name);

    const claims = token.claims();
    const about = await openid.fetchUserInfo(config, token.access_token, claims.sub);
    assert.equal(about.preferred_username, stage.person.username);
  });

  test(`${name}: refreshes, and gets another refresh token`, async () => {
    const config = await discovered(name);
    const token = await signedIn(config, name);

    const refreshed = await openid.refreshTokenGrant(config, token.refresh_token);

    assert.notEqual(refreshed.refresh_token, token.refresh_token);
    await openid.fetchUserInfo(config, refreshed.access_token, token.claims().sub);
  });

  test(`${name}: revokes what it was given`, async () => {
    const config = await discovered(name);
    const token = await signedIn(config, name);

    await openid.tokenRevocation(config, token.refresh_token, { token_type_hint: 'refresh_token' });

    await assert.rejects(openid.refreshTokenGrant(config, token.refresh_token), { error: 'invalid_grant' });
  });

  test(`${name}: takes a code once`, async () => {
    const config = await discovered(name);
    const { location, checks } = await authorized(config, name);
    await openid.authorizationCodeGrant(config, location, checks);

    await assert.rejects(openid.authorizationCodeGrant(config, location, checks), { error: 'invalid_grant' });
  });
}

for (const [name, id_token_signed_response_alg] of [['web', 'RS256'], ['compact', 'ES256']]) {
  test(`${name}: has its ID tokens signed by ${id_token_signed_response_alg}`, async () => {
    // Given, it is all that is taken; RS256 is what openid-client took unless told otherwise, up to version 5.
    const config = await discovered(name, undefined, { id_token_signed_response_alg });
    openid.enableNonRepudiationChecks(config);

    const token = await signedIn(config, name);

    assert.equal(decodeProtectedHeader(token.id_token).alg, id_token_signed_response_alg);
    assert.equal(decodeProtectedHeader(token.access_token).alg, 'ES256');
  });
}

test('refreshes at once from several places, to the same refresh token', async () => {
  const config = await discovered('native');
  const token = await signedIn(config, 'native');

  const refreshed = await Promise.all(
    Array.from({ length: 8 }, () => openid.refreshTokenGrant(config, token.refresh_token)),
  );

  assert.equal(new Set(refreshed.map((one) => one.refresh_token)).size, 1);
});

test('introspects what it was given', async () => {
  const config = await discovered('web');
  const token = await signedIn(config, 'web');

  const about = await openid.tokenIntrospection(config, token.access_token);

  assert.equal(about.active, true);
  assert.equal(about.client_id, stage.clients.web.id);
  assert.deepEqual(await openid.tokenIntrospection(config, 'made-up'), { active: false });
});

test('is told when the person denies', async () => {
  const config = await discovered('web');
  const verifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: stage.clients.web.redirect_uri,
    scope: 'openid',
    prompt: 'consent',
    state: 's',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });

  const location = await visit(url, { allows: false });

  await assert.rejects(
    openid.authorizationCodeGrant(config, location, { expectedState: 's', pkceCodeVerifier: verifier }),
    { error: 'access_denied' },
  );
});

test('wants a verifier', async () => {
  const config = await discovered('web');
  const { location, checks } = await authorized(config, 'web');

  await assert.rejects(
    openid.authorizationCodeGrant(config, location, { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() }),
    { error: 'invalid_grant' },
  );
});

for (const [way, how] of [
  ['in the header', openid.ClientSecretBasic],
  ['in the body', openid.ClientSecretPost],
]) {
  test(`gives a service its own token, its secret ${way}`, async () => {
    const { secret, scope } = stage.clients.worker;
    const config = await discovered('worker', how(secret));

    const token = await openid.clientCredentialsGrant(config, { scope });

    assert.equal(decodeJwt(token.access_token).sub, stage.clients.worker.id);
    assert.equal(token.refresh_token, undefined);
  });
}

test('refuses a wrong secret', async () => {
  const config = await discovered('worker', openid.ClientSecretBasic('wrong'));

  await assert.rejects(openid.clientCredentialsGrant(config), (error) => {
    // With a challenge openid-client reports that instead of the body.
    assert.equal(error.status ?? error.response?.status, 401);
    return true;
  });
});

test("takes a ServiceAccount's token", async () => {
  const { namespace, account, scope } = stage.clients.pod;
  const query = new URLSearchParams({ namespace, account, audience: stage.issuer });
  const assertion = await (await fetch(`${stage.helper}/token?${query}`)).text();
  const mounted = (server, client, body) => {
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', assertion);
  };
  const config = await discovered('pod', mounted);

  const token = await openid.clientCredentialsGrant(config, { scope });

  assert.equal(decodeJwt(token.access_token).sub, stage.clients.pod.id);
});

test('has no password grant', async () => {
  const config = await discovered('web');

  await assert.rejects(openid.genericGrantRequest(config, 'password', stage.person), {
    error: 'unsupported_grant_type',
  });
});

test('the access token has the profile of RFC 9068', async () => {
  const config = await discovered('web');
  const token = await signedIn(config, 'web');
  const server = config.serverMetadata();
  const keys = createRemoteJWKSet(new URL(server.jwks_uri));

  await jwtVerify(token.access_token, keys, {
    issuer: stage.issuer,
    audience: stage.audience,
    typ: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope', 'auth_time'],
  });
  const request = new Request(`${stage.tasks}/v1/tasks`, {
    headers: { Authorization: `Bearer ${token.access_token}` },
  });
  await oauth.validateJwtAccessToken(server, request, stage.audience, { [oauth.allowInsecureRequests]: true });
});

test('an ID token is refused as an access token', async () => {
  const config = await discovered('web');
  const token = await signedIn(config, 'web');

  const response = await oauth.protectedResourceRequest(
    token.id_token, 'GET', new URL(`${stage.tasks}/v1/tasks`), undefined, undefined,
    { [oauth.allowInsecureRequests]: true },
  ).catch((error) => error.response);

  assert.equal(response.status, 401);
});

test('the keys check offline', async () => {
  const config = await discovered('web');
  const token = await signedIn(config, 'web');
  const keys = await (await fetch(config.serverMetadata().jwks_uri)).json();

  const { payload } = await jwtVerify(token.id_token, createLocalJWKSet(keys), {
    issuer: stage.issuer,
    audience: stage.clients.web.id,
  });

  assert.equal(payload.sub, decodeJwt(token.access_token).sub);
});
