import { parseConfiguration } from '../configuration/parse-configuration.js';
import { UpstreamError } from '../errors/faults.js';
import { ConcurrencyGate } from './concurrency-gate.js';
import { fetchPinned, type PostedForm } from './fetch-pinned.js';
import {
  guardedHttpOptions,
  type GuardedHttpConfig,
  type GuardedHttpOptions,
} from './guarded-http.schema.js';
import type {
  OutgoingDocument,
  OutgoingFormRequest,
  OutgoingForms,
  OutgoingHttp,
  OutgoingRequest,
} from './outgoing-http.js';
import { parseOutgoingUrl, type OutgoingUrl } from './parse-outgoing-url.js';
import { resolveTarget } from './resolve-target.js';

/**
 * Outgoing HTTP for URLs that others chose: https to public addresses, no redirects, one deadline,
 * bounded size and concurrency. THR-14, THR-15, RS-36.
 *
 * Whatever goes wrong is one UpstreamError with one message, so that an answer tells nobody which
 * hosts and ports exist; the reason stands in its `cause`, for the log.
 *
 * @throws ConfigurationError for options that make no sense.
 */
export function guardedHttp(options: GuardedHttpOptions = {}): OutgoingHttp & OutgoingForms {
  const config = parseConfiguration('guardedHttp', guardedHttpOptions, options);
  const gate = new ConcurrencyGate(config.maxConcurrent, config.maxConcurrentPerHost);
  const exchange = async (url: string, request: OutgoingRequest, form?: PostedForm) => {
    try {
      return await fetchDocument(url, { ...request, form }, config, gate);
    } catch (cause) {
      throw new UpstreamError('A remote document could not be fetched.', { cause });
    }
  };
  return {
    get: (url, request) => exchange(url, request),
    postForm: (url, request) => exchange(url, request, postedForm(request)),
  };
}

function postedForm({ form, authorization }: OutgoingFormRequest): PostedForm {
  const content = new URLSearchParams(
    form.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  return { content, authorization };
}

type GuardedRequest = OutgoingRequest & { readonly form: PostedForm | undefined };

async function fetchDocument(
  text: string,
  request: GuardedRequest,
  config: GuardedHttpConfig,
  gate: ConcurrencyGate,
): Promise<OutgoingDocument> {
  const url = parseOutgoingUrl(text);
  if (url === undefined) throw new Error('URL');
  const leave = gate.enter(url.hostname);
  if (leave === undefined) throw new Error('too many requests under way');
  const deadlineSeconds = Math.min(
    config.deadlineSeconds,
    request.deadlineSeconds ?? config.deadlineSeconds,
  );
  const signal = AbortSignal.timeout(deadlineSeconds * 1_000);
  // A DNS answer cannot be called off: its place stays taken until it comes, nobody waits for it.
  const document = resolveAndFetch(url, request, config, signal).finally(leave);
  return Promise.race([document, failWhenAborted(signal)]);
}

async function resolveAndFetch(
  url: OutgoingUrl,
  request: GuardedRequest,
  config: GuardedHttpConfig,
  signal: AbortSignal,
): Promise<OutgoingDocument> {
  const addresses = await resolveTarget(url, config);
  if (!addresses.ok) throw new Error(addresses.failure);
  const maxBytes = Math.min(config.maxBytes, request.maxBytes ?? config.maxBytes);
  return fetchPinned(url, addresses.value, {
    form: request.form,
    mediaTypes: request.mediaTypes,
    maxBytes,
    ca: config.ca,
    connectSeconds: config.deadlineSeconds,
    signal,
  });
}

function failWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => {
      reject(new Error('deadline', { cause: signal.reason }));
    };
    signal.addEventListener('abort', fail, { once: true });
  });
}
