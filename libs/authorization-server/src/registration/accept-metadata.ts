import {
  accept,
  parseKeySet,
  type JsonObject,
  type Refused,
  type Rejection,
  type Result,
} from '@keybound/core';
import { rulesOfRegistration } from '../client/metadata-rules.js';
import type { MetadataProblem } from '../client/metadata-problem.js';
import { parseClientMetadata } from '../client/parse-client-metadata.js';
import type { ClientMetadata } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import { checkSectorIdentifier } from './check-sector-identifier.js';
import { reject } from './rejections.js';

/**
 * What a client says about itself, where all of it may be registered. AS-217, OIDC-16 to OIDC-23.
 *
 * A document that has to be fetched is fetched last, once nothing else is wrong (INV-5).
 */
export async function acceptMetadata(
  context: ServerContext,
  input: JsonObject,
): Promise<Result<ClientMetadata, Rejection>> {
  if (input['software_statement'] !== undefined) {
    return reject('registration.software_statement', 'OIDC-23');
  }
  const parsed = parseClientMetadata(input, rulesOfRegistration(context));
  if (!parsed.ok) return rejectMetadata(parsed.failure);
  const metadata = parsed.value;
  const problem =
    (await checkImport(metadata)) ?? (await checkSectorIdentifier(metadata, context.http));
  return problem === undefined ? accept(metadata) : rejectMetadata(problem);
}

/** Whether every key is one that an engine takes: a point may be off its curve. THR-80. */
async function checkImport({ jwks }: ClientMetadata): Promise<MetadataProblem | undefined> {
  if (jwks === undefined) return undefined;
  const keys = await parseKeySet(jwks);
  const problem = keys.ok
    ? keys.value.unusable.find(({ problem }) => problem === 'not a point')?.problem
    : keys.failure;
  return problem === undefined ? undefined : { member: 'jwks', requirement: 'OIDC-20', problem };
}

function rejectMetadata({ member, requirement, problem }: MetadataProblem): Refused<Rejection> {
  const code = member === 'redirect_uris' ? 'registration.redirect_uri' : 'registration.metadata';
  return reject(code, requirement, { actual: `${member}: ${problem}` });
}
