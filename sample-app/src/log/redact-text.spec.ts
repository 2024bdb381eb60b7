import { describe, expect, it } from '@jest/globals';
import { accessToken, dpopProof } from '@keybound/testing';
import { inspect } from 'node:util';
import { redactJson, redactText, secretFields } from './redact-text.js';

const random = 'Zq3-_xT7Lm0aKcV9bNwP5rSuYdEfGhJi1o2Q4t6R8kA';

describe('redactText', () => {
  it.each([
    'GET /api/whoami 401 dpop.replayed DPOP-13',
    'a DPoP proof for another path; Bearer is not offered',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'postgres://db.example:5432/keybound',
    '{"kind":"refused","code":"dpop.other_key","thumbprint":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}',
    '    at answer (file:///srv/app/libs/authorization-server/dist/endpoint/answer-request.js:41:13)',
    'client_4b8f1a52-74c1-4a86-a6f5-0d4f6bb27f27 grant_4b8f1a52-74c1-4a86-a6f5-0d4f6bb27f27',
    '',
  ])('leaves alone what is no secret: %s', (line) => {
    expect(redactText(line)).toBe(line);
  });

  it('THR-76 takes out tokens and proofs, wherever they stand', async () => {
    const token = await accessToken();
    for (const secret of [token, await dpopProof({}, {}, token)]) {
      for (const line of [
        secret,
        `Bearer ${secret}`,
        `authorization: DPoP ${secret}`,
        `{"message":"dpop: ${secret}"}`,
        `/cb?id_token_hint=${secret}&state=1`,
        secret.slice(0, 40),
      ]) {
        const safe = redactText(line);
        expect(safe).toContain('[redacted]');
        for (const part of secret.split('.')) expect(safe).not.toContain(part.slice(3, 20));
      }
    }
  });

  it.each(['code', 'rt', 'at', 'reg', 'secret', 'interaction', 'ticket', 'session', 'browser'])(
    'THR-76 takes out what the authorization server mints: %s_…',
    (kind) => {
      const safe = redactText(`GET /x/${kind}_${random}?y=1 "${kind}_${random}"`);
      expect(safe).not.toContain(random.slice(0, 8));
      expect(safe).toBe(`GET /x/${kind}_[redacted]?y=1 "${kind}_[redacted]"`);
    },
  );

  it.each([
    ['postgres://keybound:hunter2@db.example/keybound', 'hunter2'],
    ['rediss://:hunter2@cache.example:6379/0', 'hunter2'],
    ['connect to "postgres://keybound:p%40ss@db.example"', 'p%40ss'],
    ['Authorization: Basic Y2xpZW50OnNlY3JldA==', 'Y2xpZW50'],
    ['{"headers":{"authorization":"Basic Y2xpZW50OnNlY3JldA=="}}', 'Y2xpZW50'],
    [String.raw`{"message":"{\"cookie\":\"sid=hunter2; other=hunter2\"}"}`, 'hunter2'],
    ['set-cookie: __Host-session=hunter2; Path=/', 'hunter2'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIGH\n-----END EC PRIVATE KEY-----', 'MHcCAQ'],
    ['-----BEGIN PRIVATE KEY-----\nMHcC/AQE+EIIGH\nMHcCAQEE', 'MHcC'],
    ['{"key":"-----BEGIN PRIVATE KEY-----\\nMHcC/AQE+EIIGH\\nMHcCAQEE"}', 'MHcC'],
    ['x'.repeat(64), 'xxxx'],
    ['a message that was cut off at secret_hunter2…', 'hunter2'],
  ])('THR-76 takes out secrets of other kinds: %s', (line, secret) => {
    const safe = redactText(line);
    expect(safe).toContain('[redacted]');
    expect(safe).not.toContain(secret);
  });

  it.each([
    `rt_${random}`,
    `Basic ${random}`,
    `Bearer\n  ${random}`,
    `code=${random}`,
    `client_secret=${random}`,
    `Cookie: ${random}`,
    `Authorization: ${random}`,
  ])('THR-76 takes it out where a line begins, in JSON as well: %j', (secret) => {
    for (const before of ['first\n', 'first\r\n', '\t', '\u001b', '']) {
      const text = `${before}${secret}\nlast`;
      const once = JSON.stringify({ text });
      for (const line of [text, once, JSON.stringify({ once })]) {
        expect(redactText(line)).not.toContain(random.slice(0, 8));
      }
      expect(JSON.parse(redactText(once))).toHaveProperty('text');
    }
  });

  it('THR-76 takes out the secret members of keys, and leaves the others', () => {
    const [d, k] = ['D'.repeat(43), 'K'.repeat(22)];
    const key = { kty: 'EC', crv: 'P-256', kid: random, d, k };
    for (const line of [
      JSON.stringify(key),
      JSON.stringify({ key: JSON.stringify(key) }),
      inspect(key),
    ]) {
      const safe = redactText(line);
      expect(safe).toContain(random);
      expect(safe).not.toContain('DDD');
      expect(safe).not.toContain('KKK');
    }
  });

  it.each([
    'authorization:\nnext',
    'cookie: \\',
    'd: \nnnnnnnnnnnnnnnnnnnnnnnnnnnn',
    'Bearer\\n',
    '-----BEGIN PRIVATE KEY-----\n"a\\',
  ])('THR-76 leaves a line of JSON one, whatever follows a colon: %j', (text) => {
    expect(JSON.parse(redactText(JSON.stringify({ text })))).toHaveProperty('text');
  });

  it.each([...secretFields.filter((name) => !name.includes('cookie')), 'code', 'csrf'])(
    'THR-76 takes out what a form or a query names so: %s',
    (name) => {
      expect(redactText(`a=1&${name}=hunter2&b=2`)).toBe(`a=1&${name}=[redacted]&b=2`);
    },
  );

  it('THR-76 takes out what it is told is secret', () => {
    expect(redactText('with hunter22, hunter22!', ['hunter22'])).toBe(
      'with [redacted], [redacted]!',
    );
  });

  it('THR-76 looks for no secret that is shorter than eight characters: it is a part of words', () => {
    expect(redactText('app of the user app at app.example', ['app', 'e', '1234567'])).toBe(
      'app of the user app at app.example',
    );
    expect(redactText('postgres://app:app@db.example/app', ['app'])).toBe(
      'postgres://[redacted]@db.example/app',
    );
  });

  it.each([
    ['a number', '20261122', { timestamp: 2_026_112_249_251, message: 'x' }],
    ['what stands between strings', '":{"text":"', { message: { text: 'x' } }],
    ['the end of an escape', 'nightmare1', { message: 'a\nightmare1' }],
  ])('THR-76 takes no secret out of a line of JSON that is no text: %s', (_what, secret, entry) => {
    const line = JSON.stringify(entry);
    expect(redactJson(line, [secret])).toBe(line);
  });

  it('THR-76 takes secrets out of the strings of JSON, also where they need an escape', () => {
    const entry = {
      message: 'with a"b\\c\ndef!',
      nested: { 'a"b\\c\ndef': ['20261122'] },
      at: 20261122,
    };
    const safe = redactJson(JSON.stringify(entry), ['a"b\\c\ndef', '20261122']);
    expect(JSON.parse(safe)).toEqual({
      message: 'with [redacted]!',
      nested: { '[redacted]': ['[redacted]'] },
      at: 20261122,
    });
  });

  it('THR-76 leaves a line of JSON a line of JSON', async () => {
    const error = `postgres://a:b@c cookie: "x" Bearer ${await accessToken()}\ncode=${random}`;
    const line = JSON.stringify({
      message: error,
      nested: JSON.stringify({ cookie: 'x=hunter2' }),
    });
    expect(JSON.parse(redactText(line))).toHaveProperty('message');
  });
});
