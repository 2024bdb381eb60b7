const words: ReadonlyMap<string, string> = new Map([
  ['openid', 'Know who you are'],
  ['profile', 'See your name, picture and other details of your profile'],
  ['email', 'See your e-mail address'],
  ['address', 'See your postal address'],
  ['phone', 'See your telephone number'],
  ['offline_access', 'Keep this access while you are away'],
  ['read', 'Read your data in the API'],
  ['write', 'Change your data in the API'],
  ['webid', 'See your WebID'],
]);

/** What a scope means to a person. */
export function scopeInWords(scope: string): string {
  return words.get(scope) ?? `Use “${scope}”`;
}
