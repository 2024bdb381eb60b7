/** What a route wants the proof to cover, of methods that can cover it. */
export interface Coverage {
  readonly body: boolean;
  readonly query: boolean;
  /** Lower case. */
  readonly headers: readonly string[];
}

export const noCoverage: Coverage = { body: false, query: false, headers: [] };
