import assert from 'node:assert/strict';
import type { ClientRecord, ClientStore } from '@keybound/authorization-server';
import type { JsonObject } from '@keybound/core';
import { randomName } from './random-name.js';
import {
  assertKept,
  at,
  atOnce,
  awkwardText,
  describeContract,
  namesOfNothing,
  parallel,
  plainCopy,
  raceCases,
  tally,
  tryToChange,
  type ContractCase,
} from './store-contract.js';
import type { ContractRun } from './contract-run.js';

const oneWins = { true: 1, false: parallel - 1 };

/**
 * The contract test of {@link ClientStore}: what a store must do so that a client is registered,
 * changed and removed once.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeClientStore(
  name: string,
  make: () => Promise<ClientStore> | ClientStore,
  run: ContractRun = {},
): void {
  describeContract({ name, port: 'ClientStore', make, run }, keepingCases, changingCases);
}

function keepingCases(contractCase: ContractCase<ClientStore>): void {
  contractCase('AS-270 keeps a client as it was', async (store) => {
    const record = await added(store);
    assertKept(await store.find(record.id, at(0)), record);
    assert.equal(await store.find(client().id, at(0)), undefined);
    assert.equal(await store.find(record.id.slice(0, -1), at(0)), undefined);
  });

  contractCase('AS-270 keeps a copy, which nobody else can change', async (store) => {
    const record = client();
    const kept = plainCopy(record);
    await store.add(record);
    for (const each of [record, await store.find(record.id, at(0))]) {
      tryToChange(() => ((each?.secrets as unknown[]).length = 0));
      assertKept(await store.find(record.id, at(0)), kept);
    }
  });

  contractCase('AS-216 forgets an unused client to the second', async (store) => {
    const { id } = await added(store, { unusedExpiresAt: at(60) });
    assert.ok(await store.find(id, at(59)));
    assert.equal(await store.find(id, at(60)), undefined);
  });

  contractCase('AS-216 keeps a client from its first use on', async (store) => {
    const record = await added(store, { unusedExpiresAt: at(60) });
    await atOnce(() => store.markUsed(record.id));
    const used = { ...record, unusedExpiresAt: undefined };
    assertKept(await store.find(record.id, at(59)), used);
    assertKept(await store.find(record.id, at(100_000_000)), used);
  });

  contractCase('AS-216 does not let a change forget that a client was used', async (store) => {
    const record = await added(store, { unusedExpiresAt: at(60) });
    const change = { ...record, version: 2 };
    await store.markUsed(record.id);
    assert.equal(await store.replace(change), true);
    assertKept(await store.find(record.id, at(60)), { ...change, unusedExpiresAt: undefined });
  });

  contractCase('INV-1 finds nothing under a name that is none', async (store) => {
    for (const name of namesOfNothing) {
      assert.equal(await store.find(name, at(0)), undefined);
      assert.equal(await store.replace(client({ id: name, version: 2 })), false);
      assert.equal(await store.remove(name), false);
      await store.markUsed(name);
      assert.equal(await store.find(name, at(0)), undefined);
    }
  });
}

function changingCases(contractCase: ContractCase<ClientStore>): void {
  raceCases(
    contractCase,
    'AS-272 THR-93',
    'lets exactly one of 25 take an identifier',
    async (store) => {
      const record = client();
      const outcomes = await atOnce((index) =>
        store.add({ ...record, registrationTokenHash: String(index) }),
      );
      assert.deepEqual(tally(outcomes), oneWins);
      const kept = await store.find(record.id, at(0));
      assert.equal(kept?.registrationTokenHash, String(outcomes.indexOf(true)));
    },
  );

  contractCase('OIDC-26 replaces everything of a client', async (store) => {
    const record = await added(store);
    const change: ClientRecord = {
      ...record,
      version: 2,
      metadata: { ...record.metadata, client_name: 'another', extensions: {} },
      secrets: [],
      registrationTokenHash: randomName(),
      standing: 'verified',
    };
    assert.equal(await store.replace(change), true);
    assertKept(await store.find(record.id, at(0)), change);
  });

  contractCase('OIDC-26 replaces only what the caller has seen', async (store) => {
    const record = await added(store);
    for (const version of [0, 1, 3]) {
      assert.equal(await store.replace({ ...record, version, secrets: [] }), false);
    }
    assertKept(await store.find(record.id, at(0)), record);
  });

  raceCases(contractCase, 'AS-272 THR-93', 'lets exactly one of 25 changes win', async (store) => {
    const record = await added(store);
    const outcomes = await atOnce((index) =>
      store.replace({ ...record, version: 2, registrationTokenHash: String(index) }),
    );
    assert.deepEqual(tally(outcomes), oneWins);
    const kept = await store.find(record.id, at(0));
    assert.equal(kept?.registrationTokenHash, String(outcomes.indexOf(true)));
  });

  raceCases(
    contractCase,
    'OIDC-27 THR-93',
    'lets exactly one of 25 removals win',
    async (store) => {
      const { id } = await added(store);
      assert.deepEqual(tally(await atOnce(() => store.remove(id))), oneWins);
      assert.equal(await store.find(id, at(0)), undefined);
    },
  );

  contractCase('OIDC-27 does not bring back a client that was removed', async (store) => {
    for (let round = 0; round < parallel; round++) {
      const record = await added(store, { unusedExpiresAt: at(60) });
      const acts: (() => Promise<unknown>)[] = [
        () => store.remove(record.id),
        () => store.replace({ ...record, version: 2 }),
        () => store.markUsed(record.id),
      ];
      const turn = round % acts.length;
      await Promise.all([...acts.slice(turn), ...acts.slice(0, turn)].map((act) => act()));
      assert.equal(await store.find(record.id, at(0)), undefined);
    }
  });
}

async function added(
  store: ClientStore,
  changes: Partial<ClientRecord> = {},
): Promise<ClientRecord> {
  const record = client(changes);
  assert.equal(await store.add(record), true);
  return record;
}

function client(changes: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id: `client_${randomName()}`,
    version: 1,
    metadata: {
      redirect_uris: ['https://client.example/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'web',
      token_endpoint_auth_method: 'private_key_jwt',
      client_name: awkwardText,
      jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: randomName() }] },
      subject_type: 'public',
      id_token_signed_response_alg: 'ES256',
      require_signed_request_object: false,
      require_pushed_authorization_requests: true,
      default_max_age: 0,
      require_auth_time: false,
      dpop_bound_access_tokens: true,
      pop_bound_access_tokens: false,
      extensions: JSON.parse('{"__proto__":{"a":[null]},"any":{}}') as Record<string, JsonObject>,
    },
    secrets: [
      { hash: randomName(), expiresAt: undefined },
      { hash: randomName(), expiresAt: at(60) },
    ],
    registrationTokenHash: randomName(),
    standing: 'unverified',
    createdAt: at(0),
    unusedExpiresAt: undefined,
    ...changes,
  };
}
