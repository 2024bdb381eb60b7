import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { codeModules } from './modules/code-modules.js';
import { moduleNamed, modulesOf } from './modules/module-table.js';
import { pushedModules } from './modules/pushed-modules.js';
import { requestObjectModules } from './modules/request-object-modules.js';
import { senderConstraintModules } from './modules/sender-constraint-modules.js';
import { startSuite, type Suite } from './modules/suite.js';

const modules = {
  ...pushedModules,
  ...senderConstraintModules,
  ...codeModules,
  ...requestObjectModules,
};

/**
 * The modules of the OpenID Foundation's plans for FAPI 2.0 that ask what the baseline asks as well,
 * replayed over HTTP against the sample app. What only the profiles ask has no rows here.
 */
describe('of the plans for FAPI 2.0, the baseline', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  it.each(modulesOf('S', 'M'))('$ids [$name]', ({ name }) => moduleNamed(modules, name)(suite));
});
