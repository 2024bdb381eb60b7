import { describe, expect, it } from '@jest/globals';
import { InMemoryReplayStore, type ReplayStore } from '@keybound/core';
import { RecordedAudit } from '@keybound/testing';
import { warnOfSiblings } from './warn-of-siblings.js';

const shared: ReplayStore = {
  sharing: 'shared',
  claim: () => Promise.resolve({ claimed: true }),
};

describe('warnOfSiblings', () => {
  it.each([
    ['warns of a store of one process beside siblings', new InMemoryReplayStore(), true, 1],
    ['is content with a shared store', shared, true, 0],
    ['is content where there is one process', new InMemoryReplayStore(), false, 0],
  ])('OPS-05 %s', (_what, store, hasSiblings, warnings) => {
    const audit = new RecordedAudit();
    warnOfSiblings(store, audit, hasSiblings);
    expect(audit.events.map(({ code }) => code)).toEqual(
      Array.from({ length: warnings }, () => 'replay.not_shared'),
    );
  });
});
