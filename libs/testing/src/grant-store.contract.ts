import type { GrantStore } from '@keybound/authorization-server';
import { atomicityCases } from './grant-store/atomicity.cases.js';
import { codeCases } from './grant-store/code.cases.js';
import { pendingAuthorizationCases } from './grant-store/pending-authorization.cases.js';
import { refreshTokenCases } from './grant-store/refresh-token.cases.js';
import { revocationCases } from './grant-store/revocation.cases.js';
import { describeContract } from './store-contract.js';
import type { ContractRun } from './contract-run.js';

/**
 * The contract test of {@link GrantStore}: what a store must do so that nothing is issued twice, and
 * nothing outlives its revocation.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeGrantStore(
  name: string,
  make: () => Promise<GrantStore> | GrantStore,
  run: ContractRun = {},
): void {
  describeContract(
    { name, port: 'GrantStore', make, run },
    pendingAuthorizationCases,
    codeCases,
    refreshTokenCases,
    revocationCases,
    atomicityCases,
  );
}
