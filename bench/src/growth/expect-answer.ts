/** @throws Error for a wrong answer: such a run has no figures. */
export function expectAnswer(isRight: boolean): void {
  if (!isRight) throw new Error('The store gave the wrong answer.');
}
