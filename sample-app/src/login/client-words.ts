import type { InteractionDetails } from '@keybound/authorization-server/extension';
import { html, type Html } from './html.js';

const maxNameCharacters = 80;

/** What a client calls itself, which need not be true; its identifier where it has no name. */
export function clientName({ client }: InteractionDetails): string {
  const name = (client.name ?? client.id).replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return name.length > maxNameCharacters ? `${name.slice(0, maxNameCharacters)}…` : name;
}

/** Who asks, where the answer goes, and how far that can be believed. AS-24. */
export function intro(details: InteractionDetails): Html {
  const { client } = details;
  return html`<p>
      <strong>${clientName(details)}</strong> asks you to log in. Afterwards you are sent to
      <strong>${client.redirectHost}</strong>.
    </p>
    ${client.standing === 'unverified' ? unverified : undefined}`;
}

export const unverified = html`<p class="warning">
  <strong>Unverified application.</strong> It registered itself, and nobody checked who is behind
  it. Go on only if you have just come from there.
</p>`;
