/** A challenge as a client reads it. */
export interface ParsedChallenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameter names in order. */
  readonly names: readonly string[];
}

/** Takes `WWW-Authenticate` lines apart, one challenge a line. */
export function parseChallenges(lines: readonly string[]): readonly ParsedChallenge[] {
  return lines.map((line) => {
    const space = line.indexOf(' ');
    const scheme = space === -1 ? line : line.slice(0, space);
    const pairs = [...line.slice(scheme.length).matchAll(/([a-z_]+)="([^"]*)"/g)];
    const parameters = Object.fromEntries(
      pairs.map(([, name, value]) => [name ?? '', value ?? '']),
    );
    return { scheme, parameters, names: pairs.map(([, name]) => name ?? '') };
  });
}

export function challengeOf(lines: readonly string[], scheme: string): ParsedChallenge | undefined {
  return parseChallenges(lines).find((challenge) => challenge.scheme === scheme);
}
