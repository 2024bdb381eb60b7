import { accept, refuse, type Rejection, type Result } from '@keybound/core';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { Parameters } from '../extension/parameters.js';
import type { SingleUse } from '../extension/single-use.js';
import type { ServerContext } from '../server/server-context.js';
import { allAccepted } from './all-accepted.js';
import { parseAuthorizationDetails } from './authorization-details.js';
import type { ResponseTarget } from './authorization-response.js';
import { parseBoundKey } from './bound-key.js';
import { checkDelivery } from './check-delivery.js';
import { checkOffered, checkRepeated } from './check-parameters.js';
import { checkResponseType } from './check-response-type.js';
import { parseClaims } from './claims-request.js';
import { parseCodeChallenge } from './code-challenge.js';
import { effectiveParameters } from './effective-parameters.js';
import { parseAcrValues, readHints } from './hints.js';
import { parseIdTokenHint } from './id-token-hint.js';
import type { EffectiveRequest, IncomingRequest } from './incoming-request.js';
import { parseMaxAge } from './max-age.js';
import { parseNonce } from './nonce.js';
import { asksForSilence, parsePrompt } from './prompt.js';
import { parseRedirectUri } from './redirect-uri.js';
import { parseResources } from './requested-resources.js';
import { parseScopes } from './requested-scopes.js';
import { parseResponseMode, parseState, responseTargetOf } from './response-target.js';
import { runValidators } from './run-validators.js';

/** A request in which everything was checked, and what accepting it uses up. */
export interface ParsedAuthorizationRequest {
  readonly request: AuthorizationRequest;
  readonly uses: readonly SingleUse[];
}

/** A request that was refused, and where that is told. */
export interface AuthorizationFailure {
  readonly rejection: Rejection;
  /** Undefined where nobody vouches for an address: a page. */
  readonly target: ResponseTarget | undefined;
  /** `prompt=none`: nobody is there to see a page. */
  readonly silent: boolean;
}

/**
 * Checks an authorization request in full, the same for the authorization endpoint and for pushed
 * requests (RFC 9126 §2.1): what came, by whom, and everything that it asks for. Changes nothing.
 */
export async function parseAuthorizationRequest(
  context: ServerContext,
  incoming: IncomingRequest,
): Promise<Result<ParsedAuthorizationRequest, AuthorizationFailure>> {
  const { client } = incoming;
  const effective = await effectiveParameters(context, incoming);
  if (!effective.ok) {
    const { rejection, fallback } = effective.failure;
    return failed(rejection, fallback, client);
  }
  const { parameters, signed, uses } = effective.value;
  const received = { ...incoming, parameters, signed };
  const request = await parseParameters(context, received);
  if (!request.ok) return failed(request.failure, parameters, client);
  const accepted = await runValidators(context, received, request.value);
  if (!accepted.ok) return failed(accepted.failure, parameters, client);
  return accept({ request: accepted.value, uses });
}

function failed(
  rejection: Rejection,
  parameters: Parameters,
  client: Client,
): Result<never, AuthorizationFailure> {
  const target = responseTargetOf(parameters, client);
  return refuse({ rejection, target, silent: asksForSilence(parameters) });
}

async function parseParameters(
  context: ServerContext,
  received: EffectiveRequest,
): Promise<Result<AuthorizationRequest, Rejection>> {
  const { client, parameters, endpoint, signed } = received;
  const redirectUri = parseRedirectUri(parameters, client);
  if (!redirectUri.ok) return redirectUri;
  for (const check of [checkRepeated, checkOffered, checkDelivery, checkResponseType]) {
    const passed = check(context, received);
    if (!passed.ok) return passed;
  }
  const protocol = parseProtocol(context, received);
  if (!protocol.ok) return protocol;
  const wishes = parseWishes(context, received);
  if (!wishes.ok) return wishes;
  const idTokenHint = await parseIdTokenHint(context, received);
  if (!idTokenHint.ok) return idTokenHint;
  return accept({
    clientId: client.id,
    clientSource: client.source,
    redirectUri: redirectUri.value,
    ...protocol.value,
    ...wishes.value,
    ...readHints(parameters),
    idTokenHint: idTokenHint.value,
    pushed: endpoint === 'pushed_authorization_request',
    signed,
    slots: {},
  });
}

type Protocol = Pick<
  AuthorizationRequest,
  'responseMode' | 'state' | 'codeChallenge' | 'nonce' | 'dpopJkt'
>;

function parseProtocol(context: ServerContext, received: EffectiveRequest) {
  const { parameters } = received;
  return allAccepted<Protocol>({
    responseMode: parseResponseMode(parameters),
    state: parseState(parameters),
    codeChallenge: parseCodeChallenge(received),
    nonce: parseNonce(parameters),
    dpopJkt: parseBoundKey(context, received),
  });
}

type Wishes = Pick<
  AuthorizationRequest,
  'scopes' | 'resources' | 'authorizationDetails' | 'claims' | 'prompt' | 'maxAge' | 'acrValues'
>;

function parseWishes(context: ServerContext, received: EffectiveRequest) {
  const { parameters } = received;
  return allAccepted<Wishes>({
    scopes: parseScopes(context, received),
    resources: parseResources(context, received),
    authorizationDetails: parseAuthorizationDetails(context, received),
    claims: parseClaims(parameters),
    prompt: parsePrompt(parameters),
    maxAge: parseMaxAge(received),
    acrValues: parseAcrValues(received),
  });
}
