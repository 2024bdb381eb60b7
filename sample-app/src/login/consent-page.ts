import type { InteractionDetails } from '@keybound/authorization-server/extension';
import { splitHttpUrl } from '@keybound/core';
import { clientName, unverified } from './client-words.js';
import { html, type Html } from './html.js';
import { page, type Answer } from './page.js';
import { scopeInWords } from './scope-words.js';

/**
 * Asks what the user allows. No picture of the client's is shown: it would tell its host who reads the
 * page, and a borrowed logo convinces more people than a borrowed name.
 */
export function consentPage(details: InteractionDetails): Answer {
  const { id, csrfToken, subject, client } = details;
  const name = clientName(details);
  const content = html`${client.standing === 'unverified' ? unverified : undefined}
    <p>
      You are logged in as <strong>${subject}</strong>. If you allow it,
      <strong>${name}</strong> may:
    </p>
    <form method="post" action="/login/${id}/decision">
      <input type="hidden" name="csrf" value="${csrfToken}" />
      <ul class="asked">
        ${details.scopes.map(scopeItem)}${claimItems(details)}${detailItems(details)}
      </ul>
      ${details.resources.length === 0 ? undefined : html`<p>At: ${details.resources.join(', ')}</p>`}
      <p>Afterwards you are sent to <strong>${client.redirectHost}</strong>.</p>
      <p class="links">
        ${link(client.policyUri, 'Privacy policy')} ${link(client.tosUri, 'Terms of service')}
      </p>
      <p class="buttons">
        <button type="submit" name="decision" value="allow">Allow</button>
        <button type="submit" name="decision" value="deny" class="second">Deny</button>
      </p>
    </form>`;
  return page(200, `Allow ${name}?`, content);
}

/** The name of the field by which a user leaves a scope out. AS-256. */
export function withoutField(scope: string): string {
  return `without.${scope}`;
}

/** All but the user's identity itself can be left out. */
function scopeItem(scope: string): Html {
  if (scope === 'openid') return html`<li>${scopeInWords(scope)}</li> `;
  const field = withoutField(scope);
  return html`<li>
    <span id="${field}.what">${scopeInWords(scope)}</span>
    <label for="${field}"
      ><input
        type="checkbox"
        id="${field}"
        name="${field}"
        value="1"
        aria-describedby="${field}.what"
      />
      leave out</label
    >
  </li> `;
}

function claimItems({ claims }: InteractionDetails): readonly Html[] {
  const names = [claims?.userinfo, claims?.id_token].flatMap((asked) => Object.keys(asked ?? {}));
  return [...new Set(names)].map((name) => html`<li>See your “${name}”</li> `);
}

function detailItems({ authorizationDetails }: InteractionDetails): readonly Html[] {
  return authorizationDetails.map(
    (detail) => html`<li>Do this: <code>${JSON.stringify(detail)}</code></li> `,
  );
}

/** Only to the web: `javascript:` is a URI too. */
function link(uri: string | undefined, text: string): Html | undefined {
  if (uri === undefined || splitHttpUrl(uri) === undefined) return undefined;
  return html`<a href="${uri}" target="_blank" rel="noopener noreferrer">${text}</a>`;
}
