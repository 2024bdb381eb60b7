import type { HttpRequestView, Rejection, Result } from '@keybound/core';
import { nodeRequestView } from '@keybound/pop/node-http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthorizationServer } from '../server/authorization-server.js';
import { sendAnswer } from './send-answer.js';

/** A request as frameworks hand it on; routers shorten `url` and keep the whole target beside it. */
export type RoutedMessage = IncomingMessage & { readonly originalUrl?: string };

/** Whether a request is for one of the server's paths. */
export function isForServer(server: AuthorizationServer, message: RoutedMessage): boolean {
  return receivedBy(server, message).owned;
}

/**
 * Answers a request for one of the server's paths.
 *
 * @returns False for any other path: nothing was read or written.
 * @throws What is no fault of the request: a bug, or content that a parser took first.
 */
export async function handleNodeRequest(
  server: AuthorizationServer,
  message: RoutedMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { owned, view } = receivedBy(server, message);
  if (!owned) return false;
  const answer = await server.handle(view);
  if (answer === undefined) return false;
  sendAnswer(response, answer);
  // What was not read, of content beyond all bounds, must not be taken for the next request.
  message.resume();
  return true;
}

/** A request as one server sees it, which does not change on its way through a framework. */
interface Received {
  readonly server: AuthorizationServer;
  readonly rawTarget: string;
  readonly view: Result<HttpRequestView, Rejection>;
  readonly owned: boolean;
}

const received = new WeakMap<IncomingMessage, Received>();

function receivedBy(server: AuthorizationServer, message: RoutedMessage): Received {
  const rawTarget = rawTargetOf(message);
  const known = received.get(message);
  if (known?.server === server && known.rawTarget === rawTarget) return known;
  const view = viewOf(server, message, rawTarget);
  const owned = server.owns(pathOf(server, view, rawTarget));
  const now = { server, rawTarget, view, owned };
  received.set(message, now);
  return now;
}

function rawTargetOf(message: RoutedMessage): string {
  return message.originalUrl ?? message.url ?? '';
}

function viewOf(
  { publicUrl, maxContentBytes }: AuthorizationServer,
  message: IncomingMessage,
  rawTarget: string,
): Result<HttpRequestView, Rejection> {
  return nodeRequestView(message, rawTarget, publicUrl, maxContentBytes);
}

/** Where a request goes whose URL is not certain (two `Host` fields, perhaps): by its target alone. */
function pathOf(
  { publicUrl }: AuthorizationServer,
  view: Result<HttpRequestView, Rejection>,
  rawTarget: string,
): string {
  if (view.ok) return view.value.url.path;
  const end = rawTarget.search(/[?#]/);
  const path = end === -1 ? rawTarget : rawTarget.slice(0, end);
  return publicUrl.kind === 'configured' ? publicUrl.base.path + path : path;
}
