import type { Rejection, Result, Seconds } from '@keybound/core';
import type { AuthorizationDetail, ClaimsRequest, Prompt } from './authorization-request.js';

/** Why the user is asked. OpenID Connect Core §3.1.2.3, §3.1.2.4. */
export type InteractionReason = 'login' | 'consent' | 'select_account' | 'create';

/** What a page needs to ask a user. Everything that a client said is untrusted text: escape it. AS-21, AS-24. */
export interface InteractionDetails {
  readonly id: string;
  /** To be sent back with every form (THR-57). */
  readonly csrfToken: string;
  /** Never empty; in the order in which to ask. */
  readonly reasons: readonly InteractionReason[];
  /** Who is logged in, or has just logged in. */
  readonly subject: string | undefined;
  readonly client: InteractionClient;
  readonly scopes: readonly string[];
  readonly claims: ClaimsRequest | undefined;
  readonly resources: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly prompt: readonly Prompt[] | undefined;
  readonly loginHint: string | undefined;
  readonly acrValues: readonly string[];
  readonly maxAge: number | undefined;
  readonly uiLocales: readonly string[];
}

/** A client as its user should see it. */
export interface InteractionClient {
  readonly id: string;
  readonly name: string | undefined;
  readonly uri: string | undefined;
  readonly logoUri: string | undefined;
  readonly policyUri: string | undefined;
  readonly tosUri: string | undefined;
  /** Where the user will be sent. */
  readonly redirectHost: string;
  readonly standing: 'first-party' | 'verified' | 'unverified';
}

/** What came of asking. */
export interface InteractionAnswer {
  readonly login?: {
    /** As the host knows the user; at most 255 ASCII characters (AS-179). */
    readonly subject: string;
    /** Seconds; now where absent. */
    readonly authTime?: Seconds;
    readonly acr?: string;
    readonly amr?: readonly string[];
  };
  readonly consent?: {
    /** What the user allowed of what was asked; all of it where absent. */
    readonly scopes?: readonly string[];
    readonly authorizationDetails?: readonly AuthorizationDetail[];
    /** Not to be asked again for the same. */
    readonly remember?: boolean;
  };
}

/** Where to send the browser next, always with 303. */
export type InteractionNext =
  /** Another question: the details have changed. */
  | { readonly to: 'interaction'; readonly location: string }
  /** Back to the authorization server, which finishes. */
  | { readonly to: 'return'; readonly location: string };

/**
 * In place of a `Cookie` field: the page is on another host, which browsers do not send it to. No text,
 * since whatever a browser sends is one.
 */
export const elsewhere: unique symbol = Symbol('elsewhere');

/** The host's side of an interaction. */
export interface Interactions {
  /**
   * @param cookie The `Cookie` field of the browser, where the page is on the server's own origin;
   *               {@link elsewhere} where it is on another host, and the return alone is checked (AS-22).
   * @returns A refusal for an interaction that is unknown, over, or another browser's: show a page.
   */
  details(
    id: string,
    cookie: string | undefined | typeof elsewhere,
  ): Promise<Result<InteractionDetails, Rejection>>;
  /**
   * Takes an answer, in part or in whole.
   *
   * @throws TypeError for an answer that leaves out what the next reason asks for, or an impossible subject.
   */
  answer(
    details: InteractionDetails,
    csrfToken: string | undefined,
    answer: InteractionAnswer,
  ): Promise<Result<InteractionNext, Rejection>>;
  /** The user refuses: `access_denied`. AS-23. */
  reject(
    details: InteractionDetails,
    csrfToken: string | undefined,
  ): Promise<Result<InteractionNext, Rejection>>;
}
