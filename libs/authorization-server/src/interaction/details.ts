import { hostOfRedirectUri } from '../client/redirect-uri.js';
import type { Client } from '../extension/client.js';
import type { InteractionClient, InteractionDetails } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import type { OpenInteraction } from './find-interaction.js';
import { grantableScopes } from './grantable-scopes.js';
import { nextQuestion } from './next-question.js';
import { questionToken } from './question-token.js';

/** What a page needs to ask the next question. Nothing is escaped: that is the page's part (AS-24). */
export async function detailsOf(
  context: ServerContext,
  id: string,
  open: OpenInteraction,
): Promise<InteractionDetails> {
  const { record, client } = open;
  const { request } = record;
  return {
    ...(await nextQuestion(context, open)),
    id,
    csrfToken: questionToken(record),
    client: shownClient(client, request.redirectUri),
    scopes: grantableScopes(request, client),
    claims: request.claims,
    resources: request.resources,
    authorizationDetails: request.authorizationDetails,
    prompt: request.prompt,
    loginHint: request.loginHint,
    acrValues: request.acrValues,
    maxAge: request.maxAge,
    uiLocales: request.uiLocales,
  };
}

function shownClient({ id, metadata, standing }: Client, redirectUri: string): InteractionClient {
  return {
    id,
    name: metadata.client_name,
    uri: metadata.client_uri,
    logoUri: metadata.logo_uri,
    policyUri: metadata.policy_uri,
    tosUri: metadata.tos_uri,
    redirectHost: hostOfRedirectUri(redirectUri),
    standing,
  };
}
