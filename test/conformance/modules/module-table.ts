import { readVectors } from '../../support/vectors.js';
import type { Suite } from './suite.js';

/** A module of the OpenID Foundation's suite; a name with " / " stands for several that are alike. */
export interface ModuleRow {
  readonly name: string;
  readonly plans: string;
  readonly ids: string;
}

/** What replays one, or the several that a row stands for. */
export type Modules = Readonly<Record<string, (suite: Suite) => Promise<void>>>;

const { modules } = readVectors<{ readonly modules: readonly ModuleRow[] }>(
  'authorization-server/as-conformance-modules.json',
);

/** Logout, and what the profiles of FAPI 2.0 ask beyond the baseline: their rows are no part of it. */
const elsewhere = /^AS-(?:19\d|24[0-6]|254)$/;

/** The modules of a plan that concern what is built, each with the IDs that are. */
export function modulesOf(...plans: readonly string[]): readonly ModuleRow[] {
  return modules.flatMap((row) => {
    if (!row.plans.split(' ').some((plan) => plans.includes(plan))) return [];
    const ids = row.ids.split(' ').filter((id) => !elsewhere.test(id));
    return ids.length === 0 ? [] : [{ ...row, ids: ids.join(' ') }];
  });
}

/** @throws Error for a module that nobody replays. */
export function moduleNamed(replayed: Modules, name: string): (suite: Suite) => Promise<void> {
  if (!Object.hasOwn(replayed, name)) throw new Error(`Nobody replays ${name}.`);
  return replayed[name] as (suite: Suite) => Promise<void>;
}
