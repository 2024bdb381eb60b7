import type { AuthorizationServerConfiguration } from '../server/options.schema.js';

type Resource = AuthorizationServerConfiguration['resources'][number];

/** The resources that tokens are issued for, and what holds at each. RFC 8707, RFC 9068 §3. */
export class ResourceDirectory {
  /** `aud` where nobody named a resource. AS-131. */
  readonly defaultAudiences: readonly string[];
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #known: ReadonlySet<string>;

  constructor({
    issuer,
    defaultAudiences = [issuer],
    resources,
  }: Pick<AuthorizationServerConfiguration, 'issuer' | 'defaultAudiences' | 'resources'>) {
    this.defaultAudiences = defaultAudiences;
    this.#resources = new Map(resources.map((resource) => [resource.resource, resource]));
    this.#known = new Set([issuer, ...defaultAudiences, ...this.#resources.keys()]);
  }

  /** Whether it may stand in `aud`. */
  isKnown(audience: string): boolean {
    return this.#known.has(audience);
  }

  /** Those of the scopes that mean something at one of the audiences. AS-131. */
  scopesAt(audiences: readonly string[], scopes: readonly string[]): readonly string[] {
    if (this.#resources.size === 0) return scopes;
    const meant = audiences.map((audience) => this.#resources.get(audience)?.scopes);
    if (meant.includes(undefined)) return scopes;
    return scopes.filter((scope) => meant.some((names) => names?.includes(scope)));
  }

  /** AS-123: a reference token goes to resources that all ask for one. */
  takesReferenceTokens(audiences: readonly string[]): boolean {
    return this.#every(audiences, ({ accessTokens }) => accessTokens === 'reference');
  }

  /** AS-181: whether nobody but first parties sees the token. */
  isFirstParty(audiences: readonly string[]): boolean {
    return this.#every(audiences, ({ firstParty }) => firstParty);
  }

  #every(audiences: readonly string[], holds: (resource: Resource) => boolean): boolean {
    return (
      this.#resources.size > 0 &&
      audiences.every((audience) => {
        const resource = this.#resources.get(audience);
        return resource !== undefined && holds(resource);
      })
    );
  }
}
