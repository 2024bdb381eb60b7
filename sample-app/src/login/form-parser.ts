import {
  BadRequestException,
  PayloadTooLargeException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { formType, isForm, maxFormBytes, parseForm } from './form.js';

/** A message on which Express keeps what was parsed. */
type ExpressMessage = IncomingMessage & { body?: unknown };

/**
 * Parses the forms of the login pages, for Express: the app itself takes JSON only, and everywhere
 * else a form stays what nobody reads.
 */
export function formParser(
  message: ExpressMessage,
  _response: ServerResponse,
  next: (error?: Error) => void,
): void {
  if (!isForm(message.headers)) {
    next();
    return;
  }
  readText(message).then(
    (text) => {
      message.body = parseForm(text);
      next(message.body === undefined ? new BadRequestException() : undefined);
    },
    (error: unknown) => {
      next(error as Error);
    },
  );
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxFormBytes) throw new PayloadTooLargeException();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The little of Fastify that is needed here. */
export interface FastifyParsers {
  hasContentTypeParser(contentType: string): boolean;
  addContentTypeParser(
    contentType: string,
    options: { readonly parseAs: 'string'; readonly bodyLimit: number },
    parser: (
      request: { readonly url: string },
      body: string,
      done: (error: Error | null, body?: unknown) => void,
    ) => void,
  ): unknown;
}

/** The same for Fastify, whose parsers are for all routes: elsewhere a form is refused as before. */
export function addFormParser(fastify: FastifyParsers): void {
  if (fastify.hasContentTypeParser(formType)) return;
  const options = { parseAs: 'string', bodyLimit: maxFormBytes } as const;
  fastify.addContentTypeParser(formType, options, ({ url }, text, done) => {
    const form = parseForm(text);
    if (!url.startsWith('/login/')) done(new UnsupportedMediaTypeException());
    else if (form === undefined) done(new BadRequestException());
    else done(null, form);
  });
}
