import { expectAnswer } from './expect-answer.js';
import type { Family } from './family.js';
import { now } from './frozen.js';
import { rowsOfFamily } from './family-tables.js';
import type { Operation } from './operation.js';
import { strangers } from './pick.js';

const count = 50;

/** A code of a moment ago is exchanged for a refresh token and a reference token. */
const redeemCode: Operation = {
  name: 'redeemCode',
  count,
  async prepare({ storage, population }, families) {
    const { grants } = storage.stores;
    const fresh = strangers(population, families);
    for (const { grant, code } of fresh) await grants.saveGrantWithCode(grant, code);
    const redeem = async ({ code, firstRefreshToken: refreshToken, accessToken }: Family) => {
      const outcome = await grants.redeemCode(code.hash, { refreshToken, accessToken }, now);
      expectAnswer(outcome === 'redeemed');
    };
    return {
      steps: fresh.map((family) => () => redeem(family)),
      undo: () => population.remove(fresh),
    };
  },
};

/** A proof is used for the first time. */
const claim: Operation = {
  name: 'replay claim',
  count,
  async prepare({ storage, population }, families) {
    const fresh = strangers(population, families);
    return {
      steps: fresh.map(({ spend }) => async () => {
        expectAnswer((await storage.replay.claim([spend], now)).claimed);
      }),
      undo: () => population.remove(fresh),
    };
  },
};

const endedFamilies = 20;
const longAgo = now - 3_600;

/** Some of what ended is dropped. */
const sweep: Operation = {
  name: `sweep, of ${endedFamilies * rowsOfFamily} rows`,
  count: 1,
  async prepare({ storage, population }) {
    const ended = strangers(population, endedFamilies);
    await population.insert(ended, (row) => ({ ...row, ends_at: longAgo }));
    const dropAll = async () => {
      expectAnswer((await storage.sweep()) === endedFamilies * rowsOfFamily);
    };
    return { steps: [dropAll] };
  },
};

export const writes: readonly Operation[] = [redeemCode, claim, sweep];
