/**
 * Which parts of a request its proof vouches for. An application must not assume more: a parameter
 * that is not in `q` may have been added on the way. SHR §7.5.
 */
export interface Covered {
  /** The method. */
  readonly m: boolean;
  /** The host. */
  readonly u: boolean;
  /** The path. */
  readonly p: boolean;
  /** Names of query parameters, percent-decoded. */
  readonly q: ReadonlySet<string>;
  /** Names of header fields, lower case. */
  readonly h: ReadonlySet<string>;
  /** The content. */
  readonly b: boolean;
}

export const coversNothing: Covered = {
  m: false,
  u: false,
  p: false,
  q: new Set(),
  h: new Set(),
  b: false,
};
