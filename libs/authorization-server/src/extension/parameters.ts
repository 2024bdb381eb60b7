/**
 * The parameters of a query or a form, as they came: decoded once, repetitions kept apart.
 *
 * Made only by `parseParameters`. An empty value counts as absent (OAuth 2.1 §3.1), so no accessor
 * shows one. Names are looked up, never used as properties: `__proto__` is a name like any other.
 */
export interface Parameters {
  /** The value, or the first of several; undefined where it is absent or empty. */
  one(name: string): string | undefined;
  /** Every non-empty value, in order: for `resource` and `audience`, which may be repeated. */
  all(name: string): readonly string[];
  /** Names that came more than once, empty values included. */
  readonly repeated: ReadonlySet<string>;
  /** Every name with a value, in order of first appearance. */
  names(): Iterable<string>;
}
