import type { Settings } from '../settings/settings.js';

/** The passwords of the URLs that name stores, as they stand there and as they are meant. */
export function passwordsIn({
  storage,
  redisUrl,
}: Pick<Settings, 'storage' | 'redisUrl'>): readonly string[] {
  const urls = [storage.kind === 'postgres' ? storage.url : undefined, redisUrl];
  return urls.flatMap((url) => (url === undefined ? [] : passwordOf(url)));
}

function passwordOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  // PostgreSQL takes it from there, too, and rather.
  const inQuery = searchParams
    .getAll('password')
    .flatMap((each) => [each, encodeURIComponent(each)]);
  return [...new Set([password, decoded(password), ...inQuery])].filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
