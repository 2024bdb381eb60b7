import { describe, expect, it } from '@jest/globals';
import { passwordsIn } from './passwords-in.js';

describe('passwordsIn', () => {
  const postgres = (url: string) =>
    passwordsIn({ storage: { kind: 'postgres', url }, redisUrl: undefined });

  it('THR-76 knows a password as it stands in a URL, and as it is meant', () => {
    expect(postgres('postgres://app:p%40ss@db.example/app')).toEqual(['p%40ss', 'p@ss']);
    const both = { kind: 'postgres', url: 'postgres://app:one@db.example/app' } as const;
    expect(passwordsIn({ storage: both, redisUrl: 'redis://:two@cache.example' })).toEqual([
      'one',
      'two',
    ]);
  });

  it('THR-76 knows the one that stands in the query, as PostgreSQL takes it', () => {
    const url = 'postgres:///app?host=db.example&user=app&password=p%40ss';
    expect(postgres(url)).toEqual(['p@ss', 'p%40ss']);
  });

  it('THR-76 finds none where there is none', () => {
    expect(postgres('postgres://app@db.example/app?password=')).toEqual([]);
    expect(passwordsIn({ storage: { kind: 'memory' }, redisUrl: undefined })).toEqual([]);
  });
});
