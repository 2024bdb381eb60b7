import { AppProcess } from './app-process.js';
import { PostgresServer } from './postgres-server.js';
import { RedisServer } from './redis-server.js';
import { RoundRobin } from './round-robin.js';

/** Several processes of the sample app on one PostgreSQL and one Redis, behind a balancer. */
export class Instances {
  private constructor(
    readonly apps: AppProcess[],
    readonly balancer: RoundRobin,
    readonly postgres: PostgresServer,
    readonly redis: RedisServer,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** All at once, on a database that is empty. @param environment Beside their stores. */
  static async start(
    count: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Instances> {
    const [balancer, postgres, redis] = await Promise.all([
      RoundRobin.start(),
      PostgresServer.start(),
      RedisServer.startAged(),
    ]);
    const shared = { ...patientlyOn(postgres.url), REDIS_URL: redis.url, ...environment };
    const instances = new Instances([], balancer, postgres, redis, shared);
    const apps = Array.from({ length: count }, () => instances.startOne());
    instances.apps.push(...(await Promise.all(apps)));
    instances.all();
    return instances;
  }

  /** What clients know. */
  get issuer(): string {
    return this.balancer.address;
  }

  /**
   * One more, on the same stores.
   *
   * @param port Where one was before; any free one where absent.
   * @param own  Variables beside those that all have.
   */
  startOne(port?: number, own: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const { issuer } = this;
    const environment = { ...this.environment, ...own };
    return AppProcess.start({ issuer, environment, ...(port !== undefined && { port }) });
  }

  /** Requests go to all of them in turn, the first of them first. */
  all(): void {
    this.balancer.use(this.apps.map(({ port }) => port));
  }

  /** Requests go to one of them. */
  only(index: number): void {
    this.balancer.use(this.apps.slice(index, index + 1).map(({ port }) => port));
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.end('SIGKILL')));
    await Promise.all([this.balancer.close(), this.postgres.close(), this.redis.close()]);
  }
}

/** For apps whose stores are well, however late a busy machine lets them answer. */
export function patientlyOn(storage: string): Record<string, string> {
  return { STORAGE: storage, STORE_TIMEOUT: '30000', KEYBOUND_SECRET: secret };
}

/** As an operator would make it, once. */
export const secret = 'a-secret-that-only-these-tests-know-0123456789';
