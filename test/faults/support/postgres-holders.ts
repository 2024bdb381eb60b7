import pg from 'pg';

/** Others who use the same PostgreSQL, and stand in the app's way. */
export class PostgresHolders {
  readonly #clients: pg.Client[] = [];

  constructor(private readonly url: string) {}

  /** Does something at once. */
  async run(...statements: readonly string[]): Promise<pg.QueryResult[]> {
    const client = await this.#connect();
    const results: pg.QueryResult[] = [];
    for (const statement of statements) results.push(await client.query(statement));
    await client.end();
    return results;
  }

  /** Begins a transaction, and stays in it until `letGo`. */
  async hold(statement: string): Promise<void> {
    const client = await this.#connect();
    this.#clients.push(client);
    await client.query('begin');
    await client.query(statement);
  }

  /** Takes every connection that is left, those of the app too, until `letGo`. */
  async takeEveryConnection(): Promise<void> {
    await this.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'keybound'`,
    );
    for (;;) {
      try {
        this.#clients.push(await this.#connect());
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code === '53300') return;
        throw error;
      }
    }
  }

  async letGo(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.url);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** How many grants there are from which something was issued, and which were not revoked. */
export async function liveGrants(others: PostgresHolders): Promise<number> {
  const [found] = await others.run(
    `select count(*)::int as count from keybound_grant as granted
      where revoked = 0 and exists (select from keybound_code as code
        where code.grant_id = granted.id and code.redeemed_at is not null)`,
  );
  return (found?.rows as { count: number }[])[0]?.count ?? NaN;
}
