import { parseConfiguration } from '../configuration/parse-configuration.js';
import { UpstreamError } from '../errors/faults.js';
import { ConcurrencyGate } from './concurrency-gate.js';
import { fetchPinned } from './fetch-pinned.js';
import {
  guardedHttpOptions,
  type GuardedHttpConfig,
  type GuardedHttpOptions,
} from './guarded-http.schema.js';
import type { OutgoingDocument, OutgoingHttp, OutgoingRequest } from './outgoing-http.js';
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
export function guardedHttp(options: GuardedHttpOptions = {}): OutgoingHttp {
  const config = parseConfiguration('guardedHttp', guardedHttpOptions, options);
  const gate = new ConcurrencyGate(config.maxConcurrent, config.maxConcurrentPerHost);
  return {
    get: async (url, request) => {
      try {
        return await get(url, request, config, gate);
      } catch (cause) {
        throw new UpstreamError('A remote document could not be fetched.', { cause });
      }
    },
  };
}

async function get(
  text: string,
  request: OutgoingRequest,
  config: GuardedHttpConfig,
  gate: ConcurrencyGate,
): Promise<OutgoingDocument> {
  const url = parseOutgoingUrl(text);
  if (url === undefined) throw new Error('URL');
  const leave = gate.enter(url.hostname);
  if (leave === undefined) throw new Error('too many requests under way');
  const signal = AbortSignal.timeout(config.deadlineSeconds * 1_000);
  // A DNS answer cannot be called off: its place stays taken until it comes, nobody waits for it.
  const document = resolveAndFetch(url, request, config, signal).finally(leave);
  return Promise.race([document, failWhenAborted(signal)]);
}

async function resolveAndFetch(
  url: OutgoingUrl,
  request: OutgoingRequest,
  config: GuardedHttpConfig,
  signal: AbortSignal,
): Promise<OutgoingDocument> {
  const addresses = await resolveTarget(url, config);
  if (!addresses.ok) throw new Error(addresses.failure);
  const maxBytes = Math.min(config.maxBytes, request.maxBytes ?? config.maxBytes);
  return fetchPinned(url, addresses.value, {
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
