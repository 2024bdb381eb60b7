import { createServer } from 'node:net';
import { hasCode } from '../../sample-app/src/keys/has-code.js';

/** Up to 31,999: below what systems hand out to those who ask for any port. */
const lowest = 20_000;
const workers = 12;
const portsOfWorker = 1_000;

const first = lowest + portsOfWorker * (Number(process.env['JEST_WORKER_ID']) % workers);
/** Anywhere, since several runs on one machine have workers of the same number. */
let [drawn = 0] = crypto.getRandomValues(new Uint16Array(1));

/**
 * A port of loopback that nothing listens on, and of which no other worker hears: it is still free when
 * a slow server gets to listen there, and for as long as one that listened there is away.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsOfWorker; tries += 1) {
    drawn += 1;
    const port = first + (drawn % portsOfWorker);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port is free from ${String(first)} on.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', (error) => {
      if (hasCode(error, 'EADDRINUSE')) resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
