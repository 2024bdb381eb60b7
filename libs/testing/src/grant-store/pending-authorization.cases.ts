import assert from 'node:assert/strict';
import type { GrantStore, InteractionRecord } from '@keybound/authorization-server';
import {
  assertKept,
  at,
  atOnce,
  parallel,
  raceCases,
  tally,
  type ContractCase,
} from '../store-contract.js';
import { completion, consent, grant, interaction, pushedRequest, request } from './records.js';

const oneWins = { true: 1, false: parallel - 1 };

export function pendingAuthorizationCases(contractCase: ContractCase<GrantStore>): void {
  contractCase('AS-270 keeps a pushed request as it was', async (store) => {
    const record = pushedRequest();
    await store.savePushedRequest(record);
    assertKept(await store.findPushedRequest(record.hash, at(0)), record);
  });

  contractCase('AS-34 finds a pushed request again and again, until it expires', async (store) => {
    const { hash } = await pushed(store);
    assert.ok(await store.findPushedRequest(hash, at(0)));
    assert.ok(await store.findPushedRequest(hash, at(59)));
    assert.equal(await store.findPushedRequest(hash, at(60)), undefined);
  });

  contractCase('AS-20 keeps an interaction as it was, until it expires', async (store) => {
    const record = await begun(store, {
      request: request({ prompt: undefined }),
      sessionHash: 'session',
      answered: {
        login: { subject: 'alice', authTime: at(0), acr: 'acr', amr: [], sid: 'sid' },
        consent: { scopes: ['openid'], authorizationDetails: [], remember: true },
        rejected: false,
        ticketHash: 'ticket',
      },
    });
    assertKept(await store.findInteraction(record.hash, at(599)), record);
    assert.equal(await store.findInteraction(record.hash, at(600)), undefined);
  });

  contractCase('AS-27 keeps interactions of one browser apart', async (store) => {
    const [one, other] = [await begun(store), await begun(store, { browserHash: 'same' })];
    assert.equal(await store.endInteraction(one.hash, undefined, at(0)), true);
    assert.ok(await store.findInteraction(other.hash, at(0)));
  });

  contractCase('THR-57 advances an interaction by one version at a time', async (store) => {
    const record = await begun(store);
    const second = { ...record, version: 2, answered: { ...record.answered, rejected: true } };
    for (const version of [0, 1, 3]) {
      assert.equal(await store.advanceInteraction({ ...second, version }, at(0)), false);
    }
    assertKept(await store.findInteraction(record.hash, at(0)), record);
    assert.equal(await store.advanceInteraction(second, at(0)), true);
    assert.equal(await store.advanceInteraction(second, at(0)), false);
    assertKept(await store.findInteraction(record.hash, at(0)), second);
  });

  contractCase('THR-57 does not bring back an interaction that is over', async (store) => {
    const [late, ended] = [await begun(store), await begun(store)];
    await store.endInteraction(ended.hash, undefined, at(0));
    const unknown = interaction({ version: 2 });
    assert.equal(await store.advanceInteraction({ ...late, version: 2 }, at(600)), false);
    assert.equal(await store.advanceInteraction({ ...ended, version: 2 }, at(0)), false);
    assert.equal(await store.advanceInteraction(unknown, at(0)), false);
    for (const { hash } of [ended, unknown]) {
      assert.equal(await store.findInteraction(hash, at(0)), undefined);
    }
  });

  raceCases(
    contractCase,
    'THR-57 THR-93',
    'lets exactly one of 25 answers advance an interaction',
    async (store) => {
      const record = await begun(store);
      const outcomes = await atOnce((index) =>
        store.advanceInteraction({ ...record, version: 2, browserHash: String(index) }, at(0)),
      );
      assert.deepEqual(tally(outcomes), oneWins);
      const kept = await store.findInteraction(record.hash, at(0));
      assert.equal(kept?.browserHash, String(outcomes.indexOf(true)));
    },
  );

  contractCase('AS-23 THR-93 ends an interaction and its pushed request once', async (store) => {
    const { record, pushedHash } = await begunFromPushed(store);
    const end = () => store.endInteraction(record.hash, pushedHash, at(0));
    assert.deepEqual(tally(await atOnce(end)), oneWins);
    assert.equal(await store.findInteraction(record.hash, at(0)), undefined);
    assert.equal(await store.findPushedRequest(pushedHash, at(0)), undefined);
  });

  contractCase('AS-29 completes an authorization whole', async (store) => {
    const { record, pushedHash } = await begunFromPushed(store);
    const done = completion({
      interactionHash: record.hash,
      pushedRequestHash: pushedHash,
      consent: consent(),
    });
    assert.equal(await store.completeAuthorization(done), true);
    assertKept(await store.findGrant(done.grant.id, at(0)), done.grant);
    assertKept(await store.findCode(done.code.hash, at(0)), done.code);
    assert.equal(await store.findInteraction(record.hash, at(0)), undefined);
    assert.equal(await store.findPushedRequest(pushedHash, at(0)), undefined);
  });

  contractCase('AS-29 completes what needed neither its user nor a push', async (store) => {
    const done = completion();
    assert.equal(await store.completeAuthorization(done), true);
    assertKept(await store.findCode(done.code.hash, at(0)), done.code);
  });

  contractCase('AS-29 completes up to the last second of the interaction', async (store) => {
    const [inTime, late] = [await begun(store), await begun(store)];
    const completeAt = (hash: string, offset: number) =>
      store.completeAuthorization(completion({ interactionHash: hash, now: at(offset) }));
    assert.equal(await completeAt(inTime.hash, 599), true);
    assert.equal(await completeAt(late.hash, 600), false);
  });

  contractCase('AS-34 lets a user take longer than a pushed request lasts', async (store) => {
    const { record, pushedHash } = await begunFromPushed(store);
    assert.equal(await store.findPushedRequest(pushedHash, at(300)), undefined);
    assert.ok(await store.findInteraction(record.hash, at(300)));
    const answered = { ...record, version: 2 };
    assert.equal(await store.advanceInteraction(answered, at(300)), true);
    const done = completion({
      interactionHash: record.hash,
      pushedRequestHash: pushedHash,
      now: at(599),
    });
    assert.equal(await store.completeAuthorization(done), true);
  });

  contractCase('INV-3 changes nothing where an authorization is over', async (store) => {
    const remembered = consent();
    const { localSubject, clientId } = remembered;
    const { hash: pushedRequestHash } = await pushed(store);
    const { hash: interactionHash } = await begun(store);
    for (const gone of [
      { interactionHash: interaction().hash, pushedRequestHash },
      { interactionHash, pushedRequestHash: pushedRequest().hash },
    ]) {
      const refused = completion({ ...gone, consent: remembered });
      assert.equal(await store.completeAuthorization(refused), false);
      assert.equal(await store.findGrant(refused.grant.id, at(0)), undefined);
      assert.equal(await store.findCode(refused.code.hash, at(0)), undefined);
      assert.equal(await store.redeemCode(refused.code.hash, nothing, at(0)), 'gone');
      assert.equal(await store.findConsent(localSubject, clientId), undefined);
      assert.deepEqual(await store.listGrants(refused.grant.localSubject, at(0)), []);
    }
    const unknown = interaction().hash;
    assert.equal(await store.endInteraction(unknown, pushedRequestHash, at(0)), false);
    assert.equal(await store.endInteraction(interactionHash, unknown, at(0)), false);
    assert.equal(await store.endInteraction(interactionHash, undefined, at(600)), false);
    assert.ok(await store.findPushedRequest(pushedRequestHash, at(0)));
    assert.ok(await store.findInteraction(interactionHash, at(0)));
  });

  raceCases(
    contractCase,
    'AS-29 THR-57 THR-93',
    'lets exactly one of 25 completions of an interaction win',
    async (store) => {
      const { hash: interactionHash } = await begun(store);
      const complete = () => store.completeAuthorization(completion({ interactionHash }));
      assert.deepEqual(tally(await atOnce(complete)), oneWins);
    },
  );

  raceCases(
    contractCase,
    'AS-34 THR-59 THR-93',
    'lets exactly one of 25 completions of a request URI win',
    async (store) => {
      const { hash: pushedRequestHash } = await pushed(store);
      const complete = () => store.completeAuthorization(completion({ pushedRequestHash }));
      assert.deepEqual(tally(await atOnce(complete)), oneWins);
    },
  );

  contractCase('AS-34 THR-93 completes a request URI in one of 25 windows', async (store) => {
    const { hash: pushedRequestHash } = await pushed(store);
    const windows = await atOnce(() => begun(store, { pushedRequestHash }));
    const outcomes = await Promise.all(
      windows.map(({ hash: interactionHash }) =>
        store.completeAuthorization(completion({ interactionHash, pushedRequestHash })),
      ),
    );
    assert.deepEqual(tally(outcomes), oneWins);
    const left = await Promise.all(windows.map(({ hash }) => store.findInteraction(hash, at(0))));
    assert.deepEqual(tally(left), { undefined: parallel });
  });

  contractCase('INV-3 leaves nothing of those who lose a race to complete', async (store) => {
    const { hash: interactionHash } = await begun(store);
    const { localSubject } = grant();
    const tries = Array.from({ length: parallel }, () =>
      completion({ interactionHash, grant: grant({ localSubject }) }),
    );
    const outcomes = await Promise.all(tries.map((each) => store.completeAuthorization(each)));
    assert.deepEqual(tally(outcomes), oneWins);
    const listed = await store.listGrants(localSubject, at(0));
    assert.deepEqual(
      listed.map(({ id }) => id),
      [tries[outcomes.indexOf(true)]?.grant.id],
    );
    const codes = await Promise.all(tries.map(({ code }) => store.findCode(code.hash, at(0))));
    assert.deepEqual(
      codes.map((code) => code !== undefined),
      outcomes,
    );
  });

  contractCase('THR-59 begins nothing from a request URI that is over', async (store) => {
    const { hash: pushedRequestHash } = await pushed(store);
    await store.completeAuthorization(completion({ pushedRequestHash }));
    const { hash } = await begun(store, { pushedRequestHash });
    assert.equal(await store.findInteraction(hash, at(0)), undefined);
    const again = completion({ interactionHash: hash, pushedRequestHash });
    assert.equal(await store.completeAuthorization(again), false);
  });

  contractCase('AS-23 THR-93 lets a user allow or refuse, never both', async (store) => {
    for (let round = 0; round < parallel; round++) {
      const { record, pushedHash } = await begunFromPushed(store);
      const done = completion({ interactionHash: record.hash, pushedRequestHash: pushedHash });
      const [ended, completed] = await Promise.all([
        store.endInteraction(record.hash, pushedHash, at(0)),
        store.completeAuthorization(done),
      ]);
      assert.notEqual(ended, completed);
      assert.equal((await store.findCode(done.code.hash, at(0))) !== undefined, completed);
    }
  });

  contractCase('AS-25 remembers a consent, the newest for each user and client', async (store) => {
    const first = consent();
    const { localSubject, clientId } = first;
    assert.equal(await store.findConsent(localSubject, clientId), undefined);
    await store.completeAuthorization(completion({ consent: first }));
    assertKept(await store.findConsent(localSubject, clientId), first);
    const second = consent({ localSubject, clientId, scopes: ['openid', 'email'] });
    await store.completeAuthorization(completion({ consent: second }));
    assertKept(await store.findConsent(localSubject, clientId), second);
    await store.completeAuthorization(completion());
    assertKept(await store.findConsent(localSubject, clientId), second);
    assert.equal(await store.findConsent(localSubject, consent().clientId), undefined);
    assert.equal(await store.findConsent(clientId, localSubject), undefined);
  });

  contractCase('AS-25 forgets one consent', async (store) => {
    const [one, other] = [consent(), consent()];
    for (const each of [one, other])
      await store.completeAuthorization(completion({ consent: each }));
    await store.forgetConsent(one.localSubject, one.clientId);
    await store.forgetConsent(one.localSubject, one.clientId);
    assert.equal(await store.findConsent(one.localSubject, one.clientId), undefined);
    assertKept(await store.findConsent(other.localSubject, other.clientId), other);
  });
}

const nothing = { refreshToken: undefined, accessToken: undefined };

async function pushed(store: GrantStore) {
  const record = pushedRequest();
  await store.savePushedRequest(record);
  return record;
}

async function begun(store: GrantStore, changes: Partial<InteractionRecord> = {}) {
  const record = interaction(changes);
  await store.saveInteraction(record);
  return record;
}

async function begunFromPushed(store: GrantStore) {
  const { hash: pushedHash } = await pushed(store);
  const record = await begun(store, { pushedRequestHash: pushedHash });
  return { record, pushedHash };
}
