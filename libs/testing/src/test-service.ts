import { connect } from 'node:net';

/** A server that tests talk to, where there is one. */
export interface TestService {
  readonly url: string;
  /** In place of `describe`: what needs the service. Skipped, and said so, where nothing listens. */
  describe(name: string, define: () => void): void;
}

interface SkippingRunner {
  describe: ((name: string, define: () => void) => unknown) & {
    readonly skip: (name: string, define: () => void) => unknown;
  };
}

/** PostgreSQL at `DATABASE_URL`, or at its usual place on this machine. */
export function testPostgres(): Promise<TestService> {
  const usual = 'postgres://postgres@127.0.0.1:5432/postgres';
  return testService('PostgreSQL', process.env['DATABASE_URL'] ?? usual, 5432);
}

/** Redis at `REDIS_URL`, or at its usual place on this machine. */
export function testRedis(): Promise<TestService> {
  return testService('Redis', process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', 6379);
}

/**
 * Awaited at the top of a test file, before its tests are defined.
 *
 * @throws Error where nothing listens and `REQUIRE_SERVICES=1`.
 */
async function testService(name: string, url: string, usualPort: number): Promise<TestService> {
  const { hostname, port } = new URL(url);
  const listens = await isListening(hostname, port === '' ? usualPort : Number(port));
  if (!listens && process.env['REQUIRE_SERVICES'] === '1') {
    throw new Error(`REQUIRE_SERVICES=1, and nothing listens where ${name} should be.`);
  }
  const runner = globalThis as unknown as SkippingRunner;
  return {
    url,
    describe: (title, define) => {
      if (listens) runner.describe(title, define);
      else runner.describe.skip(`${title} (skipped: no ${name} listens)`, define);
    },
  };
}

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const settle = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.once('timeout', () => {
      settle(false);
    });
  });
}
