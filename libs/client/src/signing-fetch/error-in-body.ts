/** The `error` of a JSON body, which stays readable for the caller. RFC 6749 §5.2. */
export async function errorInBody(response: Response): Promise<string | undefined> {
  const type = response.headers.get('content-type') ?? '';
  if (!/^application\/(?:[^;/]+\+)?json[ \t]*(?:;|$)/i.test(type)) return undefined;
  const body = parse(await response.clone().text());
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  return typeof body.error === 'string' ? body.error : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
