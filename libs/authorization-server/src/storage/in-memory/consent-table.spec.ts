import { describe, expect, it } from '@jest/globals';
import { seconds } from '@keybound/core';
import { ConsentTable } from './consent-table.js';

function consent(localSubject: string, clientId: string, grantedAt = 0) {
  return {
    localSubject,
    clientId,
    scopes: [],
    resources: [],
    authorizationDetails: [],
    claims: undefined,
    grantedAt: seconds(grantedAt),
  };
}

describe('ConsentTable', () => {
  it('AS-25 THR-73 forgets the oldest of too many', () => {
    const table = new ConsentTable(2);
    table.save(consent('alice', 'one'));
    table.save(consent('alice', 'two'));
    table.save(consent('alice', 'one', 1));
    table.save(consent('bob', 'one'));
    expect(table.find('alice', 'two')).toBeUndefined();
    expect(table.find('alice', 'one')).toMatchObject({ grantedAt: 1 });
    expect(table.find('bob', 'one')).toBeDefined();
  });

  it('OIDC-27 forgets every consent for a client, replaced ones too', () => {
    const table = new ConsentTable(10);
    table.save(consent('alice', 'one'));
    table.save(consent('alice', 'one', 1));
    table.save(consent('bob', 'one'));
    table.save(consent('bob', 'two'));
    table.forgetOfClient('one');
    expect(table.find('alice', 'one')).toBeUndefined();
    expect(table.find('bob', 'one')).toBeUndefined();
    expect(table.find('bob', 'two')).toBeDefined();
  });

  it('AS-25 does not take one pair of names for another', () => {
    const table = new ConsentTable(10);
    table.save(consent('a","b', 'c'));
    expect(table.find('a', 'b","c')).toBeUndefined();
    expect(table.find('a","b', 'c')).toBeDefined();
  });
});
