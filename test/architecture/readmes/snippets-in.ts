/** A piece of TypeScript that a README shows. */
export interface Snippet {
  /** The README and which of its snippets it is: `libs/pop/README.md 1`. */
  readonly name: string;
  readonly code: string;
}

/** The snippets of a README, in their order, from 1. */
export function snippetsIn(readme: string, text: string): readonly Snippet[] {
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)];
  return blocks.map(([, code = ''], index) => ({ name: `${readme} ${String(index + 1)}`, code }));
}
