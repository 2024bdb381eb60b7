import { describe, expect, it } from '@jest/globals';
import type { ClaimOutcome, ReplayStore, Seconds, Spend } from '@keybound/core';
import { setImmediate } from 'node:timers/promises';
import { contractFailures } from './contract-failures.js';
import { describeReplayStore } from './replay-store.contract.js';

/** Right in all but the one thing that a mutant changes. */
class ModelStore implements ReplayStore {
  readonly sharing = 'process';
  readonly held = new Map<string, number>();

  claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const spent = this.firstUsed(spends, now);
    if (spent !== undefined) return Promise.resolve({ claimed: false, spent, reason: 'used' });
    this.hold(spends, now);
    return Promise.resolve({ claimed: true });
  }

  firstUsed(spends: readonly Spend[], now: Seconds): Spend | undefined {
    const names = spends.map((spend) => this.nameOf(spend));
    return spends.find(
      (_, index) => this.isHeld(names[index] ?? '', now) || this.isTwice(names, index),
    );
  }

  hold(spends: readonly Spend[], now: Seconds): void {
    for (const spend of spends) this.held.set(this.nameOf(spend), this.endOf(spend, now));
  }

  nameOf({ digest }: Spend): string {
    return Buffer.from(digest).toString('hex');
  }

  isHeld(name: string, now: Seconds): boolean {
    return (this.held.get(name) ?? 0) > now;
  }

  isTwice(names: readonly string[], index: number): boolean {
    return names.indexOf(names[index] ?? '') < index;
  }

  endOf({ until }: Spend, now: Seconds): number {
    return Math.max(until, now + 1);
  }
}

const T0 = 1_500_000_000;

/** Right as well: its memory begins with the cases. */
class RemembersSinceT0 extends ModelStore {
  epoch = T0;

  override claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const spent = this.firstUsed(spends, now);
    const forgotten = spends.find(({ since }) => since < this.epoch);
    if (spent !== undefined || forgotten === undefined) return super.claim(spends, now);
    return Promise.resolve({ claimed: false, spent: forgotten, reason: 'forgotten' });
  }
}

class ForgetsWhatBeganWithIt extends RemembersSinceT0 {
  override epoch = T0 + 1;
}

class UsesUpWhatIsInDoubt extends RemembersSinceT0 {
  override async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const outcome = await super.claim(spends, now);
    if (!outcome.claimed && outcome.reason === 'forgotten') this.hold(spends, now);
    return outcome;
  }
}

class AcceptsTheForgottenNextTime extends RemembersSinceT0 {
  override async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const outcome = await super.claim(spends, now);
    if (!outcome.claimed && outcome.reason === 'forgotten') this.epoch = 0;
    return outcome;
  }
}

class CallsTheUsedForgotten extends ModelStore {
  override async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const outcome = await super.claim(spends, now);
    return outcome.claimed ? outcome : { ...outcome, reason: 'forgotten' };
  }
}

class FindThenSave extends ModelStore {
  override async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const spent = this.firstUsed(spends, now);
    await setImmediate();
    if (spent !== undefined) return { claimed: false, spent, reason: 'used' };
    this.hold(spends, now);
    await setImmediate();
    return { claimed: true };
  }
}

class OneByOne extends ModelStore {
  override async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    for (const spend of spends) {
      const outcome = await super.claim([spend], now);
      if (!outcome.claimed) return outcome;
    }
    return { claimed: true };
  }
}

class BlindToRepeats extends ModelStore {
  override isTwice(): boolean {
    return false;
  }
}

class ForgetsASecondEarly extends ModelStore {
  override endOf({ until }: Spend, now: Seconds): number {
    return Math.max(until - 1, now + 1);
  }
}

class HoldsASecondLong extends ModelStore {
  override endOf({ until }: Spend, now: Seconds): number {
    return Math.max(until + 1, now + 1);
  }
}

class IgnoresWhatIsOver extends ModelStore {
  override endOf({ until }: Spend): number {
    return until;
  }
}

class OwnClock extends ModelStore {
  readonly itsTime = 1_800_000_000;

  override isHeld(name: string): boolean {
    return (this.held.get(name) ?? 0) > this.itsTime;
  }
}

class CountsFromTheClaim extends ModelStore {
  readonly claimedAt = new Map<string, number>();

  override isHeld(name: string, now: Seconds): boolean {
    return now >= (this.claimedAt.get(name) ?? Infinity) && super.isHeld(name, now);
  }

  override hold(spends: readonly Spend[], now: Seconds): void {
    super.hold(spends, now);
    for (const spend of spends) this.claimedAt.set(this.nameOf(spend), now);
  }
}

class ProlongedByRefusals extends ModelStore {
  override claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const outcome = super.claim(spends, now);
    this.hold(spends, now);
    return outcome;
  }
}

class ShortNames extends ModelStore {
  override nameOf(spend: Spend): string {
    return super.nameOf(spend).slice(0, 4);
  }
}

class KeepsReferences extends ModelStore {
  readonly spends: Spend[] = [];

  override isHeld(name: string, now: Seconds): boolean {
    return this.spends.some((spend) => this.nameOf(spend) === name && spend.until > now);
  }

  override hold(spends: readonly Spend[], now: Seconds): void {
    this.spends.push(...spends.map((spend) => ({ ...spend, until: this.until(spend, now) })));
  }

  until(spend: Spend, now: Seconds): Seconds {
    return this.endOf(spend, now) as Seconds;
  }
}

describe('describeReplayStore', () => {
  it('OPS-05 passes a store that is right', async () => {
    expect(await contractFailures(describeReplayStore, () => new ModelStore())).toEqual([]);
  });

  it('THR-68 passes a store that is right and knows since when it remembers', async () => {
    expect(await contractFailures(describeReplayStore, () => new RemembersSinceT0())).toEqual([]);
  });

  it('THR-93 fails a store that finds and then saves', async () => {
    expect(await contractFailures(describeReplayStore, () => new FindThenSave())).toEqual([
      'OPS-05 THR-93 lets exactly one of 25 parallel claims win',
      'OPS-05 THR-93 lets exactly one win when answers are late',
      'THR-93 lets exactly one win whatever the order of a list',
      'INV-3 uses up nothing for those who lose a race',
    ]);
  });

  it.each([
    ['INV-3 claims all of a list or none', OneByOne],
    ['INV-3 uses up nothing for those who lose a race', OneByOne],
    ['DPOP-13 counts a thing that a list names twice as used', BlindToRepeats],
    ['OPS-06 holds to the last second before `until`, then frees', ForgetsASecondEarly],
    ['OPS-06 holds to the last second before `until`, then frees', HoldsASecondLong],
    ['OPS-06 holds a thing whose time is over for a second', IgnoresWhatIsOver],
    ['OPS-06 judges by the time it is told', OwnClock],
    ['OPS-06 does not let a refused claim prolong what it met', ProlongedByRefusals],
    ['THR-28 does not forget when the clock goes back', CountsFromTheClaim],
    ['THR-28 does not keep the caller’s octets', KeepsReferences],
    ['THR-30 keeps a thousand things apart', ShortNames],
    ['DPOP-13 accepts a thing once', CallsTheUsedForgotten],
    ['THR-68 has forgotten nothing that is no older than its memory', ForgetsWhatBeganWithIt],
    ['THR-68 uses up nothing for what it may have forgotten', UsesUpWhatIsInDoubt],
    ['THR-68 uses up nothing for what it may have forgotten', AcceptsTheForgottenNextTime],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await contractFailures(describeReplayStore, () => new Wrong(), title)).toEqual([title]);
  });
});
