import 'reflect-metadata';
import { ConfigurationError } from '@keybound/core';
import { createApp } from './create-app.js';
import { readSettings, type Settings } from './settings.js';

try {
  await start(readSettings(process.env));
} catch (error) {
  if (!isForTheOperator(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function start(settings: Settings): Promise<void> {
  const app = await createApp(settings);
  app.enableShutdownHooks();
  await app.listen(settings.port);
  const { issuer } = settings;
  console.log(`Keybound sample app: ${issuer}`);
  console.log(`Try it: curl -i ${issuer}/api/whoami - or see every step: npm run demo`);
}

/** What the operator can mend, and wants told in a sentence. */
function isForTheOperator(error: unknown): error is Error {
  if (error instanceof ConfigurationError) return true;
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'EADDRINUSE' || error.code === 'EACCES';
}
