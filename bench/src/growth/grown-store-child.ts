import { openSql } from '../stores/open-sql.js';
import type { StorePlace } from '../stores/store-place.js';
import { frozen } from './frozen.js';
import type { GrownStoreQuestion } from './grown-store-process.js';
import { openBulk } from './open-bulk.js';
import { operations } from './operations.js';
import { Population } from './population.js';
import { timeOperation } from './time-operation.js';

/** Answers its parent about one store that was filled before, and ends with it. */
process.once('disconnect', () => process.exit());
process.on('message', (question: GrownStoreQuestion) => {
  void answer(question).then((answered) => process.send?.(answered));
});

let open: Awaited<ReturnType<typeof openAt>> | undefined;

async function answer(question: GrownStoreQuestion): Promise<unknown> {
  switch (question.about) {
    case 'opening':
      open = await openAt(question.place, question.size);
      return {};
    case 'operation':
      return timed(question.name);
    case 'tending':
      await open?.bulk.tend();
      return {};
    case 'memory':
      return process.memoryUsage.rss();
  }
}

async function openAt(place: StorePlace, size: number) {
  const storage = await openSql(place, frozen);
  if (storage === undefined) throw new Error('Only databases grow.');
  const bulk = await openBulk(place);
  return { storage, bulk, population: await Population.in(bulk, size) };
}

async function timed(name: string): Promise<unknown> {
  const operation = operations.find((each) => each.name === name);
  if (open === undefined || operation === undefined) throw new Error('Asked out of turn.');
  return timeOperation(operation, open);
}
