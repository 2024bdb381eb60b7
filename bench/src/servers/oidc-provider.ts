import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import {
  clientId,
  issuer,
  lifetimes,
  subject,
  type AuthorizationScenario,
} from '../authorization/scenario.js';
import { serve } from '../serve.js';
import { providerConfiguration } from './provider-configuration.js';

await serve(async (scenario: AuthorizationScenario) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const provider = new Provider(issuer, providerConfiguration(scenario, privateKey));
  await logIn(provider, scenario);
  const handle = provider.callback();
  return createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
});

/** A browser in which the user is logged in, and allowed before what the client will ask for. */
async function logIn(provider: Provider, { session: id }: AuthorizationScenario): Promise<void> {
  const grant = new provider.Grant({ accountId: subject, clientId });
  grant.addOIDCScope('openid profile');
  const grantId = await grant.save();
  const session = new provider.Session();
  session.jti = id;
  session.loginAccount({ accountId: subject, amr: ['pwd'] });
  session.ensureClientContainer(clientId);
  session.grantIdFor(clientId, grantId);
  await session.save(lifetimes.session);
}
