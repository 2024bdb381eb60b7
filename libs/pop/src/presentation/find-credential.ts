import { accept, refuse, type HttpRequestView, type Rejection, type Result } from '@keybound/core';
import { formContent, parametersNamed } from './parameters.js';
import type { Credential, Presentation, PresentationScheme } from './presentation.js';
import { reject } from './rejections.js';

/** The one credential of a request, and who knows how to read it. */
export interface FoundCredential {
  readonly presentation: Presentation;
  readonly credential: Credential;
}

/** A refusal, with the schemes whose challenge has to carry it. */
export interface CredentialRefusal {
  readonly rejection: Rejection;
  readonly errorIn: readonly PresentationScheme[];
}

const everyScheme: readonly PresentationScheme[] = ['PoP', 'DPoP', 'HTTPSig', 'Bearer'];
const schemeAndRest = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?: +(.*))?$/;
const schemeAtStart = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Finds the credential, wherever it is allowed to be. RFC 6750 §2 and §3.1, RFC 9449 §7.
 *
 * Several are refused, not chosen from: what one party ignores, another may have acted on.
 */
export function findCredential(
  request: HttpRequestView,
  presentations: readonly Presentation[],
): Result<FoundCredential, CredentialRefusal> {
  const fields = request.headerValues('authorization');
  if (fields.length > 1) return several('DPOP-26', 'Authorization fields', fields.length);
  const misplaced = findMisplaced(request);
  if (misplaced !== undefined) return misplaced;
  const found: FoundCredential[] = [];
  for (const presentation of presentations) {
    for (const credential of presentation.findElsewhere(request)) {
      found.push({ presentation, credential });
    }
  }
  const [field] = fields;
  const inHeader = field === undefined ? undefined : readField(field, request, presentations);
  if (inHeader?.ok === false) return inHeader;
  if (inHeader?.value !== undefined) found.push(inHeader.value);
  const [only, ...others] = found;
  if (others.length > 0) return several('SHR-19', 'credentials', found.length);
  return only === undefined ? none() : accept(only);
}

/** RS-06, DPOP-27: `access_token` in the query or in a form. */
function findMisplaced(request: HttpRequestView) {
  const count =
    parametersNamed('access_token', request.url.query).length +
    parametersNamed('access_token', formContent(request)).length;
  if (count === 0) return undefined;
  return refuseIn(everyScheme, reject('credentials.transport', 'DPOP-27').failure);
}

function readField(
  field: string,
  request: HttpRequestView,
  presentations: readonly Presentation[],
): Result<FoundCredential | undefined, CredentialRefusal> {
  const scheme = schemeAtStart.exec(field)?.[0].toLowerCase();
  const presentation = presentations.find((known) => known.scheme.toLowerCase() === scheme);
  if (presentation === undefined) return accept(undefined);
  const text = schemeAndRest.exec(field)?.[2] ?? '';
  if (!token68.test(text)) return malformed(presentation.scheme);
  if (presentation.scheme === 'Bearer' && request.headerValues('dpop').length > 0) {
    const withProof = reject('credentials.proof_with_bearer', 'DPOP-25');
    return refuseIn(['DPoP', 'Bearer'], withProof.failure);
  }
  return accept({ presentation, credential: { transport: 'header', text } });
}

function malformed(scheme: PresentationScheme) {
  const requirement = ({ DPoP: 'DPOP-21', PoP: 'SHR-16' } as Record<string, 'DPOP-21' | 'SHR-16'>)[
    scheme
  ];
  return refuseIn([scheme], reject('credentials.malformed', requirement ?? 'RS-08').failure);
}

function several(requirement: 'DPOP-26' | 'SHR-19', what: string, count: number) {
  const detail = { actual: `${String(count)} ${what}` };
  return refuseIn(everyScheme, reject('credentials.several', requirement, detail).failure);
}

function none() {
  return refuseIn([], reject('credentials.none', 'RS-02').failure);
}

function refuseIn(errorIn: readonly PresentationScheme[], rejection: Rejection) {
  return refuse<CredentialRefusal>({ rejection, errorIn });
}
