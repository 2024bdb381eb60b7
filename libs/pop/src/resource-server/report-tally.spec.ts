import { expect, it } from '@jest/globals';
import { RecordedAudit } from '@keybound/testing';
import { ReportTally } from './report-tally.js';

it('counts what was only reported, per client and reason, and passes everything on', () => {
  const audit = new RecordedAudit();
  const tally = new ReportTally(audit);
  tally.record({ kind: 'reported', code: 'cnf.absent', clientId: 'a' });
  tally.record({ kind: 'reported', code: 'cnf.absent', clientId: 'a' });
  tally.record({ kind: 'reported', code: 'dpop.missing', clientId: 'a' });
  tally.record({ kind: 'reported', code: 'cnf.absent' });
  tally.record({ kind: 'refused', code: 'cnf.absent', clientId: 'a' });
  expect(tally.counts()).toEqual([
    { clientId: 'a', code: 'cnf.absent', requests: 2 },
    { clientId: 'a', code: 'dpop.missing', requests: 1 },
    { clientId: '(unknown)', code: 'cnf.absent', requests: 1 },
  ]);
  expect(audit.events).toHaveLength(5);
});
