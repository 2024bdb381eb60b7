import pg from 'pg';

/** A schema of a test's own in a database that others use too, and a connection beside those of the stores. */
export interface OwnSchema {
  readonly schema: string;
  readonly client: pg.Client;
  /** Drops it, with all that is in it. */
  readonly remove: () => Promise<void>;
}

export async function ownSchema(url: string): Promise<OwnSchema> {
  const schema = `keybound_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({
    connectionString: url,
    options: `-c search_path=${schema} -c client_min_messages=warning`,
  });
  await client.connect();
  return {
    schema,
    client,
    remove: async () => {
      await client.query(`drop schema if exists ${schema} cascade`);
      await client.end();
    },
  };
}
