import type { Group } from './group.js';
import { codeFlow } from './authorization/code-flow.js';
import { grownPostgres, grownSqlite } from './growth/grown-code-flow.js';
import { tokenEndpoint } from './authorization/token-endpoint.js';
import { protectedGet } from './protected-get.js';

export type GroupName =
  'protected-get' | 'token-endpoint' | 'code-flow' | 'grown-sqlite' | 'grown-postgres';

export const groups: Readonly<Record<GroupName, Group>> = {
  'protected-get': protectedGet,
  'token-endpoint': tokenEndpoint,
  'code-flow': codeFlow,
  'grown-sqlite': grownSqlite,
  'grown-postgres': grownPostgres,
};
