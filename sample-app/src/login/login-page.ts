import type { InteractionDetails } from '@keybound/authorization-server/extension';
import { clientName, intro } from './client-words.js';
import { html } from './html.js';
import { page, type Answer } from './page.js';

/** What went wrong with the last attempt. */
export interface FailedLogin {
  readonly username: string;
}

/** Asks who the user is. @param failed Told without saying which of the two was wrong. */
export function loginPage(details: InteractionDetails, failed?: FailedLogin): Answer {
  const { id, csrfToken, subject, loginHint, reasons } = details;
  const username = failed?.username ?? loginHint ?? subject ?? '';
  const alert = html`<p role="alert" id="problem">The user name or the password is wrong.</p>`;
  const content = html`${intro(details)}
    ${reasons[0] === 'create' ? html`<p>This demo has no registration: use an account that it has.</p>` : undefined}
    ${subject === undefined ? undefined : html`<p>Logged in as <strong>${subject}</strong>. To continue, log in again.</p>`}
    ${failed === undefined ? undefined : alert}
    <form method="post" action="/login/${id}">
      <input type="hidden" name="csrf" value="${csrfToken}" />
      <label for="username">User name</label>
      <input
        type="text"
        id="username"
        name="username"
        value="${username}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        maxlength="255"
        required${username === '' ? autofocus : undefined}${failed === undefined ? undefined : described}
      />
      <label for="password">Password</label>
      <input
        type="password"
        id="password"
        name="password"
        autocomplete="current-password"
        maxlength="1024"
        required${username === '' ? undefined : autofocus}${failed === undefined ? undefined : described}
      />
      <p class="buttons">
        <button type="submit">Log in</button>
        <button type="submit" form="cancel" name="cancel" value="1" class="second">Cancel</button>
      </p>
    </form>
    <form method="post" action="/login/${id}/decision" id="cancel">
      <input type="hidden" name="csrf" value="${csrfToken}" />
    </form>`;
  return page(failed === undefined ? 200 : 422, `Log in to ${clientName(details)}`, content);
}

const autofocus = html` autofocus`;
const described = html` aria-invalid="true" aria-describedby="problem"`;
