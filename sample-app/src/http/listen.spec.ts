import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { runApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';

describe.each(['express', 'fastify'])('listen, on %s', (adapter) => {
  const settings = readSettings({ HTTP_ADAPTER: adapter });
  const audit = { record: () => undefined };
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** All that is printed from now on. */
  function printed(): readonly string[] {
    const lines: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        lines.push(String(text));
        return true;
      });
    }
    return lines;
  }

  async function taken(): Promise<Server> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  it('THR-66 tells once of a port that is in use, by its variable', async () => {
    const other = await taken();
    const { port } = other.address() as AddressInfo;
    const lines = printed();
    const starting = runApp({ ...settings, port }, { audit });
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(
      `PORT ${port} is in use; end what listens there, or set another.`,
    );
    expect(lines).toEqual([]);
    other.close();
  });

  it('lets the app log once it listens', async () => {
    const app = await runApp({ ...settings, port: 0 }, { audit });
    const lines = printed();
    new Logger('test').error('what went wrong');
    expect(lines.join('')).toContain('what went wrong');
    await app.close();
  });
});
