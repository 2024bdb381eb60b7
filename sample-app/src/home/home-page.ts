import { html } from '../login/html.js';
import { page, type Answer } from '../login/page.js';

/** What somebody sees who opens the app's address in a browser. */
export function homePage(issuer: string): Answer {
  return page(
    200,
    'Keybound sample app',
    html`<p>
        It is an authorization server, and an API that takes key-bound tokens only: a token that
        leaks is of no use to whoever finds it.
      </p>
      <p>Clients find everything from its issuer identifier, <code>${issuer}</code>:</p>
      <ul>
        <li>
          <a href="/.well-known/openid-configuration">what the authorization server offers</a>
        </li>
        <li><a href="/.well-known/oauth-protected-resource/api">what the API asks for</a></li>
        <li><a href="/api/public">a resource for everybody</a></li>
        <li><a href="/api/whoami">a resource that needs a token and its key</a></li>
      </ul>
      <p>
        Users: <code>alice</code> with the password <code>wonderland</code>, <code>bob</code> with
        <code>builder</code>. <code>npm run demo</code> shows every step.
      </p>`,
  );
}
