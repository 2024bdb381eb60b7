import 'reflect-metadata';
import { inspect } from 'node:util';
import { AppParts } from './app-parts.js';
import { createApp } from './create-app.js';
import { greeting } from './greeting.js';
import { listen } from './http/listen.js';
import { announcer } from './log/loggers.js';
import { redactText } from './log/redact-text.js';
import { passwordsIn } from './secrets/passwords-in.js';
import { readSettings } from './settings/read-settings.js';
import { endOnSignals } from './shutdown/end-on-signals.js';
import { sentenceForOperator } from './sentence-for-operator.js';
import { defaultStorage } from './storage/state-folder.js';
import { untilSettled } from './storage/until-settled.js';

// What is written is for this account alone: databases, the secret, sockets.
process.umask(0o077);
/** Of this process, as far as they are known: what it says at its end holds none. THR-76. */
let secrets: readonly string[] = [];
process.on('uncaughtException', fail);
await start().catch(fail);

async function start(): Promise<void> {
  const settings = readSettings(process.env, defaultStorage);
  secrets = [...settings.secrets, ...passwordsIn(settings)];
  const say = announcer(settings);
  const app = await createApp(settings);
  endOnSignals(app, fail);
  await untilSettled(app.get(AppParts), say);
  await listen(app, settings.port);
  for (const line of greeting(settings)) say(line);
}

/** What the operator can mend is told in a sentence. */
function fail(error: unknown): never {
  console.error(redactText(sentenceForOperator(error) ?? inspect(error), secrets));
  process.exit(1);
}
