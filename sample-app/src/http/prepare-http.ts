import { popCorsHeaders } from '@keybound/pop/nest';
import type { INestApplication } from '@nestjs/common';
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Settings } from '../settings/settings.js';

/** Octets of JSON that are parsed. */
const maxJsonBytes = 102_400;

/** How long a connection may wait for its next request: a proxy keeps it for less. */
const keepAliveMs = 5_000;

/** What pages of other origins may do. Adapters do not agree on that. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The adapter for Nest, without its default answers to what no route sees. */
export function httpAdapter({ adapter }: Settings): ExpressAdapter | FastifyAdapter {
  if (adapter === 'express') return new ExpressAdapter();
  return new FastifyAdapter({
    bodyLimit: maxJsonBytes,
    // A target that the router cannot read reaches no filter.
    frameworkErrors: (error: Refusal, _request: unknown, { raw }: Reply) => {
      raw.writeHead(error.statusCode ?? 400, { 'content-type': 'application/json' });
      raw.end(JSON.stringify({ error: 'invalid_request' }));
    },
  });
}

/** Body parsers, CORS and limits on slow and idle peers (THR-37), alike for both adapters. */
export function prepareHttp(app: INestApplication, { adapter }: Settings): void {
  app.enableCors(corsOf);
  if (adapter === 'express') {
    const express = app as NestExpressApplication;
    express.disable('x-powered-by').disable('etag');
    express.useBodyParser('json', { limit: maxJsonBytes });
  } else {
    const fastify = app.getHttpAdapter().getInstance() as Parsers;
    fastify.removeContentTypeParser('text/plain');
  }
  const server = app.getHttpServer() as Server;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
}

/**
 * Pages of any origin may call the API, without cookies: a token is only worth something together
 * with its key. The authorization server speaks for itself; login pages are for nobody else, and
 * what operators look at is not for the pages that they happen to visit.
 */
function corsOf(
  request: IncomingMessage & { readonly originalUrl?: string },
  answer: (error: Error | null, options: CorsOptions) => void,
): void {
  const target = request.originalUrl ?? request.url ?? '';
  const origin =
    /^\/(?:(?:login|authorize|register|introspect|metrics|readyz|healthz)(?:[/?]|$)|\?|$)/.test(
      target,
    )
      ? false
      : '*';
  answer(null, { origin, methods, ...popCorsHeaders, maxAge: 600 });
}

// The little of Fastify that is needed here.
interface Refusal {
  readonly statusCode?: number;
}
interface Reply {
  readonly raw: ServerResponse;
}
interface Parsers {
  removeContentTypeParser(contentType: string): unknown;
}
