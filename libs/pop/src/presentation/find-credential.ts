import { accept, refuse, type HttpRequestView, type Rejection, type Result } from '@keybound/core';
import { parametersNamed } from './parameters.js';
import type { Credential, Presentation, PresentationScheme } from './presentation.js';
import { reject } from './rejections.js';
import { isToken68 } from './token68.js';

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

/**
 * Finds the credential, wherever it is allowed to be. RFC 6750 §2 and §3.1, RFC 9449 §7.
 *
 * @param form The content, where the request is a form.
 *
 * Several are refused, not chosen from: what one party ignores, another may have acted on.
 */
export function findCredential(
  request: HttpRequestView,
  presentations: readonly Presentation[],
  form: string | undefined,
): Result<FoundCredential, CredentialRefusal> {
  const fields = request.headerValues('authorization');
  if (fields.length > 1) return several('DPOP-26', 'Authorization fields', fields.length);
  const misplaced = findMisplaced(request, presentations, form);
  if (misplaced !== undefined) return misplaced;
  const found: FoundCredential[] = [];
  for (const presentation of presentations) {
    for (const credential of presentation.findElsewhere(request, form)) {
      found.push({ presentation, credential });
    }
  }
  const [field] = fields;
  const inHeader = field === undefined ? undefined : readField(field, request, presentations);
  if (inHeader?.ok === false) return inHeader;
  if (inHeader?.value !== undefined) found.push(inHeader.value);
  const [only] = found;
  if (found.length > 1) return several('SHR-19', 'credentials', found.length);
  return only === undefined ? none() : accept(only);
}

/** RS-06, DPOP-27: `access_token` in the query, or in a form where none is taken. */
function findMisplaced(
  request: HttpRequestView,
  presentations: readonly Presentation[],
  form: string | undefined,
) {
  const taken = presentations.some((each) => each.takesAccessTokenIn?.(request) === true);
  const inForm = taken ? 0 : parametersNamed('access_token', form).length;
  if (parametersNamed('access_token', request.url.query).length + inForm === 0) return undefined;
  return refuseIn(everyScheme, reject('credentials.transport', 'DPOP-27').failure);
}

function readField(
  field: string,
  request: HttpRequestView,
  presentations: readonly Presentation[],
): Result<FoundCredential | undefined, CredentialRefusal> {
  const end = field.search(/[ \t]/);
  const scheme = field.slice(0, end === -1 ? field.length : end).toLowerCase();
  const presentation = presentations.find((known) => known.scheme.toLowerCase() === scheme);
  if (presentation === undefined) return accept(undefined);
  const text = end === -1 ? '' : field.slice(end).replace(/^ +/, '');
  if (!isToken68(text)) return malformed(presentation.scheme);
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
