import {
  accept,
  refuse,
  safeText,
  StoreUnavailableError,
  UpstreamError,
  type HttpRequestView,
  type Refused,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { Endpoint, EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { Parameters } from '../extension/parameters.js';
import { auditFault, auditRefusal } from '../server/audit-refusal.js';
import type { ServerContext } from '../server/server-context.js';
import { corsFields, preflightAnswer } from './cors.js';
import { noParameters } from './decoded-parameters.js';
import { parseParameters } from './parse-parameters.js';
import { readForm, readJson } from './read-content.js';
import { reject } from './rejections.js';
import { renderFault, renderRefusal } from './render-refusal.js';

/**
 * Answers a request for an endpoint: its method, its content, then the endpoint itself; and turns a
 * refusal or a fault into what that endpoint's callers understand. AS-273: one event for each.
 */
export async function answerRequest(
  context: ServerContext,
  endpoint: Endpoint,
  view: HttpRequestView,
): Promise<EndpointAnswer> {
  if (view.method === 'OPTIONS' && endpoint.cors === 'any-origin') return preflightAnswer(endpoint);
  const surface = endpoint.surface(view);
  const answer = await outcome();
  const fields = corsFields(endpoint);
  const body = view.method === 'HEAD' ? undefined : answer.body;
  return fields.length === 0 && body === answer.body
    ? answer
    : { ...answer, headers: [...answer.headers, ...fields], body };

  async function outcome(): Promise<EndpointAnswer> {
    try {
      const request = await readRequest(context, endpoint, view);
      const result = request.ok ? await endpoint.handle(request.value) : request;
      if (result.ok) return result.value;
      const clientId = request.ok ? request.value.parameters.one('client_id') : undefined;
      auditRefusal(context, result.failure, view, clientId);
      return renderRefusal(result.failure, surface, context.configuration.explain);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError || error instanceof UpstreamError)) throw error;
      auditFault(context, error, view);
      return renderFault(surface);
    }
  }
}

async function readRequest(
  context: ServerContext,
  endpoint: Endpoint,
  view: HttpRequestView,
): Promise<Result<EndpointRequest, Rejection>> {
  const method = checkMethod(endpoint, view);
  if (!method.ok) return method;
  const onlyByPost = endpoint.methods.every((each) => each === 'POST');
  if (endpoint.content === 'form' && onlyByPost && view.url.query !== undefined) {
    return reject('request.query', 'AS-60', { expected: 'no query' });
  }
  const query = parseParameters(view.url.query ?? '');
  if (!query.ok) return query;
  const content = await readContent(endpoint, view, query.value);
  if (!content.ok) return content;
  // After the last octet: who sends slowly gains no time (AS-17).
  return accept({ view, query: query.value, ...content.value, now: context.clock.now() });
}

async function readContent(
  endpoint: Endpoint,
  view: HttpRequestView,
  query: Parameters,
): Promise<Result<Pick<EndpointRequest, 'parameters' | 'json'>, Rejection>> {
  if (view.method !== 'POST' && view.method !== 'PUT') {
    return accept({ parameters: query, json: undefined });
  }
  if (endpoint.content === 'none') return accept({ parameters: noParameters, json: undefined });
  if (endpoint.content === 'json') {
    const json = await readJson(view);
    return json.ok
      ? accept({ parameters: noParameters, json: json.value })
      : inWordsOf(endpoint, json);
  }
  const form = await readForm(view);
  return form.ok ? accept({ parameters: form.value, json: undefined }) : form;
}

/** OIDC-16: registration has an error code of its own for what is no metadata at all. */
function inWordsOf({ malformed }: Endpoint, refused: Refused<Rejection>): Refused<Rejection> {
  const { failure } = refused;
  if (malformed === undefined || failure.error !== 'invalid_request') return refused;
  return refuse({ ...failure, error: malformed });
}

/**
 * AS-01, AS-30, THR-36: the wire's method, which nothing overrides. HEAD is for documents that
 * anybody may read; where a GET does something, it would do it unseen.
 */
function checkMethod(endpoint: Endpoint, view: HttpRequestView): Result<undefined, Rejection> {
  const methods: readonly string[] = isDocument(endpoint)
    ? [...endpoint.methods, 'HEAD']
    : endpoint.methods;
  if (methods.includes(view.method)) return accept(undefined);
  const options = endpoint.cors === 'any-origin' ? ['OPTIONS'] : [];
  const allow = [...methods, ...options].join(', ');
  const refused = reject('request.method', 'THR-36', {
    expected: allow,
    actual: safeText(view.method),
  });
  return refuse({ ...refused.failure, fields: [['allow', allow]] });
}

function isDocument({ methods, cors }: Endpoint): boolean {
  return cors === 'any-origin' && methods.every((method) => method === 'GET');
}
