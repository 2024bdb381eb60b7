import type { Rejection } from '@keybound/core';
import { html } from './html.js';
import { page, type Answer } from './page.js';

/** An interaction that cannot go on. @param sent Whether a form was sent, which others may have made. */
export function refusalPage({ code }: Rejection, sent: boolean): Answer {
  const forbidden = code === 'interaction.csrf' || (code === 'interaction.browser' && sent);
  const status = code === 'interaction.unknown' ? 404 : forbidden ? 403 : 400;
  return page(
    status,
    'This page has expired',
    html`<p>It was opened in another browser, answered already, or left open for too long.</p>
      <p>Please go back to the application that you came from, and start again.</p>`,
  );
}

export function tooManyLoginsPage(retryAfterSeconds: number): Answer {
  const answer = page(
    429,
    'Too many attempts',
    html`<p>Please wait ${retryAfterSeconds} seconds, and try again.</p>`,
  );
  return { ...answer, headers: [...answer.headers, ['retry-after', String(retryAfterSeconds)]] };
}

/** @param status 503 is told as something that passes. */
export function faultPage(status: number): Answer {
  if (status !== 503) {
    return page(status, 'That did not work', html`<p>The request could not be handled.</p>`);
  }
  const answer = page(503, 'Not available right now', html`<p>Please try again in a moment.</p>`);
  return { ...answer, headers: [...answer.headers, ['retry-after', '5']] };
}
