import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@keybound/core';
import { testServer } from '@keybound/testing';
import { readFileSync } from 'node:fs';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/signed-http-request/webfinger.json', import.meta.url),
    'utf8',
  ),
) as {
  rel: string;
  server: {
    query: string;
    status: number;
    contentType?: string;
    links?: JsonValue[];
    why: string;
  }[];
};

const issuer = 'https://example.com';
const joe: Partial<AuthorizationServerOptions> = {
  issuer,
  webFinger: { hasAccount: (name) => Promise.resolve(name === 'joe') },
};

async function ask(
  query: string,
  own: Partial<AuthorizationServerOptions> = joe,
  headers: Record<string, string> = {},
) {
  const { send } = await testServer(own);
  const { origin } = new URL(own.issuer ?? issuer);
  return send({ method: 'GET', url: `${origin}/.well-known/webfinger${query}`, headers });
}

function about(resource: string): string {
  return `?resource=${encodeURIComponent(resource)}`;
}

describe('GET /.well-known/webfinger', () => {
  it.each(vectors.server)('OIDC-05 OIDC-07 answers $status: $why', async (vector) => {
    const answer = await ask(vector.query);
    expect(answer.status).toBe(vector.status);
    if (vector.contentType !== undefined) {
      expect(answer.fields('content-type')).toEqual([vector.contentType]);
    }
    if (vector.links !== undefined) expect(answer.json['links']).toEqual(vector.links);
  });

  it('OIDC-05 names the issuer, with its path', async () => {
    const tenant = `${issuer}/tenant1`;
    const answer = await ask(about('acct:joe@example.com'), { ...joe, issuer: tenant });
    expect(answer.json).toEqual({
      subject: 'acct:joe@example.com',
      links: [{ rel: vectors.rel, href: tenant }],
    });
  });

  it.each([
    issuer,
    `${issuer}/`,
    'https://joe@example.com',
    `${issuer}/joe`,
    'acct:joe@EXAMPLE.com',
  ])('OIDC-05 knows %s', async (resource) => {
    const answer = await ask(about(resource));
    expect(answer.status).toBe(200);
    expect(answer.json['subject']).toBe(resource);
  });

  it.each([
    'acct:nobody@example.com',
    'acct:joe@example.com:8443',
    'acct:joe@example.com.evil.example',
    'http://example.com',
    'https://example.com:8443/',
    'https://example.com/nobody',
    'https://nobody@example.com',
    'mailto:joe@example.com',
    'acct:constructor@example.com',
  ])('OIDC-05 knows nothing about %s', async (resource) => {
    expect((await ask(about(resource))).status).toBe(404);
  });

  it('OIDC-05 is not there unless the operator lets people ask', async () => {
    const { send } = await testServer({ issuer });
    const url = `${issuer}/.well-known/webfinger${about('acct:alice@example.com')}`;
    await expect(send({ method: 'GET', url })).rejects.toThrow('no endpoint');
  });

  it('OIDC-05 tells an empty resource from a good one', async () => {
    expect((await ask('?resource=')).status).toBe(400);
    expect((await ask(`${about('acct:joe@example.com')}&resource=`)).status).toBe(400);
  });

  it('OIDC-07 filters by one of several relations', async () => {
    const query = `${about('acct:joe@example.com')}&rel=other&rel=${encodeURIComponent(vectors.rel)}`;
    expect((await ask(query)).json['links']).toHaveLength(1);
  });

  it.each(['application/json', 'text/html', 'image/png;q=1, text/plain'])(
    'OIDC-06 answers in its own type whatever is accepted: %s',
    async (accept) => {
      const answer = await ask(about('acct:joe@example.com'), joe, { accept });
      expect(answer.status).toBe(200);
      expect(answer.fields('content-type')).toEqual(['application/jrd+json']);
      expect(answer.fields('access-control-allow-origin')).toEqual(['*']);
    },
  );

  it('OIDC-05 knows accounts of a host with a port, with and without it', async () => {
    const own = { ...joe, issuer: 'https://example.com:8443' };
    expect((await ask(about('acct:joe@example.com:8443'), own)).status).toBe(200);
    expect((await ask(about('acct:joe@example.com'), own)).status).toBe(200);
    expect((await ask(about('https://example.com:8443'), own)).status).toBe(200);
  });
});
