import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { basicModules } from './modules/basic-modules.js';
import { loginModules } from './modules/login-modules.js';
import { moduleNamed, modulesOf } from './modules/module-table.js';
import { registrationModules } from './modules/registration-modules.js';
import { startSuite, type Suite } from './modules/suite.js';
import { tokenModules } from './modules/token-modules.js';

const modules = { ...basicModules, ...loginModules, ...tokenModules, ...registrationModules };

/**
 * The modules of the OpenID Foundation's plans `oidcc-basic`, `oidcc-config` and `oidcc-dynamic`,
 * replayed over HTTP against the sample app.
 */
describe('OpenID Connect', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  it.each(modulesOf('B', 'C', 'D'))('$ids [$name]', ({ name }) =>
    moduleNamed(modules, name)(suite),
  );
});
