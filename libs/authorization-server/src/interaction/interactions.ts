import { accept, type Rejection, type Result } from '@keybound/core';
import { elsewhere, type InteractionDetails, type Interactions } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import { advance, settle } from './advance.js';
import { detailsOf } from './details.js';
import { findOpenInteraction, type OpenInteraction } from './find-interaction.js';
import { isItsBrowser } from './is-its-browser.js';
import { progressAfter } from './progress.js';
import { checkQuestionToken } from './question-token.js';
import { reject } from './rejections.js';

/** What the host's pages see of the server. AS-20 to AS-24. */
export function interactionsOf(context: ServerContext): Interactions {
  return {
    async details(id, cookie) {
      const found = await findOpenInteraction(context, id);
      if (!found.ok) return found;
      const { record } = found.value;
      // The cookie is not sent to a page on another host: there, the return is what is checked.
      if (cookie !== elsewhere) {
        const fields = cookie === undefined ? [] : [cookie];
        if (!(await isItsBrowser(record, fields))) return reject('interaction.browser', 'AS-22');
      }
      return accept(await detailsOf(context, id, found.value));
    },

    async answer(details, csrfToken, answer) {
      const open = await findAsked(context, details, csrfToken);
      if (!open.ok) return open;
      const progress = progressAfter(context, open.value, answer);
      return advance(context, details.id, open.value, progress);
    },

    async reject(details, csrfToken) {
      const open = await findAsked(context, details, csrfToken);
      if (!open.ok) return open;
      const { record } = open.value;
      return settle(context, details.id, record, { ...record.answered, rejected: true });
    },
  };
}

/** The interaction, if its last question is the one that a form answers. THR-57. */
async function findAsked(
  context: ServerContext,
  { id }: InteractionDetails,
  csrfToken: string | undefined,
): Promise<Result<OpenInteraction, Rejection>> {
  const found = await findOpenInteraction(context, id);
  if (!found.ok) return found;
  const verdict = checkQuestionToken(found.value.record, csrfToken);
  if (verdict === 'forged') return reject('interaction.csrf', 'THR-57');
  if (verdict === 'stale') return reject('interaction.stale', 'THR-57');
  return found;
}
