import type {
  AuthorizationServerPlugIn,
  AuthorizationServerServices,
  Endpoint,
  Extensions,
} from '@keybound/authorization-server/extension';
import { accept, authorizationServerPlugIn } from '@keybound/core';

/** A plug-in of an authorization server. */
export function testPlugIn(
  name: string,
  added: Extensions | ((services: AuthorizationServerServices) => Extensions),
): AuthorizationServerPlugIn {
  const extend = typeof added === 'function' ? added : () => added;
  return { [authorizationServerPlugIn]: true, name, extend };
}

/** An endpoint that tells what it was asked: POST of a form to `/test`, unless `own` says otherwise. */
export function testEndpoint(own: Partial<Endpoint> = {}): Endpoint {
  return {
    name: 'test',
    below: 'issuer',
    path: '/test',
    methods: ['POST'],
    content: 'form',
    cors: 'any-origin',
    surface: () => ({ kind: 'endpoint' }),
    async handle({ view, parameters, query, json, now }) {
      const list = (from: typeof query) => [...from.names()].map((name) => [name, from.all(name)]);
      const asked = { method: view.method, url: view.url.origin + view.url.path, now };
      const told = { parameters: list(parameters), query: list(query), json };
      return accept({
        status: 200,
        headers: [
          ['content-type', 'application/json'],
          ['cache-control', 'no-store'],
        ],
        body: JSON.stringify({ ...asked, ...told }),
      });
    },
    ...own,
  };
}
