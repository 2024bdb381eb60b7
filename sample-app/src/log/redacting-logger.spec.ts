import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError, type AuditEvent } from '@keybound/core';
import { accessToken } from '@keybound/testing';
import type { LogLevel } from '@nestjs/common';
import { LoggedAudit } from './logged-audit.js';
import { RedactingLogger } from './redacting-logger.js';

const known = 'the "secret" of this very process';
const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log'];
const refused: AuditEvent = { kind: 'refused', code: 'dpop.htu', requirement: 'DPOP-09' };

describe('RedactingLogger', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** What was printed, to either stream. */
  function printed(
    format: 'json' | 'text',
    log: (logger: RedactingLogger) => void,
    secrets: readonly string[] = [known],
  ): string {
    const writes = (['stdout', 'stderr'] as const).map((stream) =>
      jest.spyOn(process[stream], 'write').mockReturnValue(true),
    );
    log(new RedactingLogger({ format, levels, secrets }));
    return writes.flatMap(({ mock }) => mock.calls.map(([text]) => String(text))).join('');
  }

  it('THR-76 tells an event in a line of JSON, its members beside the level and the time', () => {
    const line = printed('json', (logger) => {
      new LoggedAudit(logger).record(refused);
    });
    expect(line).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      timestamp: expect.any(Number),
      context: 'audit',
      message: 'dpop.htu',
      kind: 'refused',
      requirement: 'DPOP-09',
    });
  });

  it.each([
    ['done', 'log'],
    ['refused', 'warn'],
    ['reuse', 'warn'],
    ['fault', 'error'],
  ] as const)('tells what is %s at %s', (kind, level) => {
    const line = printed('json', (logger) => {
      new LoggedAudit(logger).record({ kind, code: 'x' });
    });
    expect(JSON.parse(line)).toMatchObject({ level, message: 'x', kind });
  });

  it('THR-37 keeps what has line breaks in one line of JSON', () => {
    const line = printed('json', (logger) => {
      logger.warn('a\r\n{"level":"log","message":"forged"}');
      logger.error(new ConfigurationError('one\ntwo'));
    });
    expect(line.match(/\n/g)).toHaveLength(2);
    for (const each of line.trimEnd().split('\n')) expect(JSON.parse(each)).toHaveProperty('level');
  });

  it.each(['json', 'text'] as const)(
    'THR-76 prints no secret as %s, wherever it stands',
    async (format) => {
      const token = await accessToken();
      const url = 'postgres://keybound:hunter2@db.example/keybound';
      const cause = new Error(`connect to ${url} with ${known}`);
      const error = Object.assign(new Error(`Bearer ${token}`, { cause }), { dsn: url });
      error.stack = `Error: ${token}\n    at x (file:///x.js:1:1)`;
      const output = printed(format, (logger) => {
        logger.warn(`authorization: DPoP ${token}`);
        logger.warn('headers', { headers: { Cookie: 'sid=hunter2', 'x-token': token } }, 'test');
        logger.warn({ user: { password: 'hunter2' } });
        logger.error(error);
        logger.error(`with ${known}`, error.stack);
        logger.fatal(error, 'test');
      });
      expect(output.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(6);
      const parts = token.split('.').map((part) => part.slice(3, 23));
      for (const secret of ['hunter2', 'this very process', ...parts])
        expect(output).not.toContain(secret);
    },
  );

  it.each(['e', 'app', '":"', '20261122'])(
    'THR-76 prints lines of JSON, whatever the password of a store is: %s',
    (password) => {
      const line = printed(
        'json',
        (logger) => {
          logger.error(`"level":"log" ${password} at 20261122`, { time: 202611221 });
        },
        [password],
      );
      const { level, timestamp, time } = JSON.parse(line) as Record<string, unknown>;
      expect([level, timestamp, time]).toEqual(['error', expect.any(Number), 202611221]);
    },
  );

  it('prints nothing below its levels', () => {
    expect(
      printed('text', (logger) => {
        logger.debug('x');
      }),
    ).toBe('');
  });
});
