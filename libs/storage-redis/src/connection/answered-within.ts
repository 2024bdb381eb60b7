/** An answer that did not come in time. It may still come; then nobody hears it. */
export class LateAnswerError extends Error {
  override readonly name = 'LateAnswerError';
}

/**
 * An answer, or {@link LateAnswerError}.
 *
 * Where this process was busy for as long, an answer that has arrived is heard first: a timer comes
 * before what waits to be read, and `setImmediate` after it.
 */
export async function answeredWithin<Answer>(
  milliseconds: number,
  answer: Promise<Answer>,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => {
      reject(new LateAnswerError(`No answer within ${String(milliseconds)} ms.`));
    };
    timer = setTimeout(() => setImmediate(giveUp), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
