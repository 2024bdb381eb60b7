/** One thing that a demo showed. */
export interface DemoStep {
  readonly title: string;
  readonly outcome: string;
  readonly asExpected: boolean;
}

/** Collects what a demo shows, and tells it line by line. */
export class DemoReport {
  readonly steps: DemoStep[] = [];

  /** @param write Takes a line without its end. */
  constructor(private readonly write: (line: string) => void) {}

  heading(text: string): void {
    this.write(`\n${text}`);
  }

  /** @param expected What `outcome` has to be, word by word. */
  step(title: string, outcome: string, expected: string): void {
    const asExpected = outcome === expected;
    this.steps.push({ title, outcome, asExpected });
    this.write(`  ${asExpected ? '✓' : '✗'} ${title}: ${outcome}`);
    if (!asExpected) this.write(`      expected: ${expected}`);
  }

  get succeeded(): boolean {
    return this.steps.length > 0 && this.steps.every(({ asExpected }) => asExpected);
  }
}
