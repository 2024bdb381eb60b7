import type { AuthorizationServer } from '@keybound/authorization-server';
import { handleNodeRequest } from '@keybound/authorization-server/express';
import type { EndpointAnswer } from '@keybound/authorization-server/extension';
import type { HttpUrl } from '@keybound/core';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { headerLines, type RequestInput } from '../request-view.js';

/** One request on its way: to whom, and who learns what became of it where no answer comes. */
interface Passage {
  readonly server: AuthorizationServer;
  readonly fail: (error: unknown) => void;
}

/** By the port that the request comes from. */
const passages = new Map<number, Passage>();
/** In octets: more than anything that a server here should refuse by itself. */
const maxHeaderSize = 2 ** 20;
let switchboard: Promise<Server> | undefined;

/**
 * Sends a request through a socket, as it is, and with a `Host` field of its URL where it has none.
 *
 * @throws Error where the server has no such endpoint; whatever the server threw.
 */
export async function overHttp(
  server: AuthorizationServer,
  { method = 'GET', headers = {}, body }: RequestInput,
  url: HttpUrl,
): Promise<EndpointAnswer> {
  const socket = await connected();
  const { localPort = 0 } = socket;
  try {
    return await new Promise<EndpointAnswer>((resolve, fail) => {
      passages.set(localPort, { server, fail });
      const lines = framed(headerLines(headers), url, method, body);
      const message = request({
        method,
        path: url.path + (url.query === undefined ? '' : `?${url.query}`),
        headers: lines.flat(),
        setHost: false,
        createConnection: () => socket,
      });
      message.on('error', fail);
      message.on('response', (response) => {
        answerOf(response).then(resolve, fail);
      });
      message.end(body);
    });
  } finally {
    passages.delete(localPort);
    socket.destroy();
  }
}

async function connected(): Promise<Socket> {
  switchboard ??= listening();
  const { port } = (await switchboard).address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** One for all servers of the process, which it does not keep from ending. */
async function listening(): Promise<Server> {
  const http = createServer({ maxHeaderSize }, (message, response) => {
    const passage = passages.get(message.socket.remotePort ?? 0);
    if (passage === undefined) return response.destroy();
    const { server, fail } = passage;
    handleNodeRequest(server, message, response).then((isHandled) => {
      if (!isHandled) fail(new Error(`The server has no endpoint at ${message.url ?? ''}.`));
    }, fail);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return http.unref();
}

type Lines = readonly (readonly [name: string, value: string])[];

function framed(
  lines: Lines,
  { origin }: HttpUrl,
  method: string,
  body: RequestInput['body'],
): Lines {
  const has = (name: string) => lines.some(([field]) => field.toLowerCase() === name);
  const isBare = body === undefined && ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
  const own = [...lines];
  if (!has('host')) own.unshift(['Host', origin.slice(origin.indexOf('//') + 2)]);
  if (!isBare && !has('content-length') && !has('transfer-encoding')) {
    own.push(['Content-Length', String(Buffer.byteLength(body ?? ''))]);
  }
  return own;
}

/** Of the connection, and not of the answer. */
const ofTheConnection = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

async function answerOf(response: IncomingMessage): Promise<EndpointAnswer> {
  let body = '';
  for await (const text of response.setEncoding('utf8')) body += String(text);
  const { rawHeaders, statusCode: status = 0 } = response;
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
  );
  return {
    status,
    headers: headers.filter(([name]) => !ofTheConnection.has(name)),
    body: body === '' ? undefined : body,
  };
}
