import { describe, expect, it } from '@jest/globals';
import { parseOutgoingUrl } from './parse-outgoing-url.js';
import { resolveTarget, type TargetPolicy } from './resolve-target.js';

const publicAddress = '93.184.216.34';

/** A name server that gives one answer after the other, and keeps what it was asked. */
function nameServer(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = (hostname: string) => {
    asked.push(hostname);
    return Promise.resolve(answers[asked.length - 1] ?? []);
  };
  return { asked, resolve };
}

function resolveUrl(text: string, policy: Partial<TargetPolicy> = {}) {
  const url = parseOutgoingUrl(text);
  if (url === undefined) throw new Error(`not a URL: ${text}`);
  const { resolve } = nameServer([publicAddress]);
  return resolveTarget(url, { allowLoopback: false, allowedPorts: [443], resolve, ...policy });
}

describe('resolveTarget', () => {
  it('THR-15 answers the addresses of the one question it asks, for the connection to use', async () => {
    const dns = nameServer([publicAddress], ['127.0.0.1']);
    const outcome = await resolveUrl('https://a.example/', dns);
    expect(outcome).toEqual({ ok: true, value: [publicAddress] });
    expect(dns.asked).toEqual(['a.example']);
  });

  it.each([
    ['a public and a private address', [publicAddress, '10.0.0.1'], 'special address'],
    ['a private and a public address', ['192.168.0.1', '2606:4700::1'], 'special address'],
    ['loopback', ['127.0.0.1'], 'special address'],
    ['a mapped private address', ['::ffff:10.0.0.1'], 'special address'],
    ['something that is no address', ['a.example'], 'special address'],
    ['nothing', [], 'no address'],
  ])('THR-15 refuses a name that resolves to %s', async (_what, answer, failure) => {
    const outcome = await resolveUrl('https://a.example/', nameServer(answer));
    expect(outcome).toEqual({ ok: false, failure });
  });

  it.each([
    ['http', 'http://a.example/', 'scheme'],
    ['a port that is not listed', 'https://a.example:22/', 'port'],
    ['localhost', 'https://localhost/', 'reserved name'],
    ['a name below localhost', 'https://a.LOCALHOST/', 'reserved name'],
  ])('THR-14 refuses %s without asking DNS', async (_what, text, failure) => {
    const dns = nameServer([publicAddress]);
    expect(await resolveUrl(text, dns)).toEqual({ ok: false, failure });
    expect(dns.asked).toEqual([]);
  });

  it('THR-14 checks an address in the URL without asking DNS', async () => {
    const dns = nameServer();
    expect(await resolveUrl('https://8.8.8.8/', dns)).toEqual({ ok: true, value: ['8.8.8.8'] });
    const failure = 'special address';
    expect(await resolveUrl('https://[fd00::1]/', dns)).toEqual({ ok: false, failure });
    expect(dns.asked).toEqual([]);
  });

  describe('with allowLoopback', () => {
    it.each([
      ['http to an address', 'http://127.0.0.1:3000/', ['127.0.0.1']],
      ['http to localhost', 'http://localhost:3000/', ['::1', '127.0.0.1']],
      ['http to a name of this machine', 'http://issuer.test:1/', ['127.0.0.1']],
      ['https to elsewhere', 'https://a.example/', [publicAddress]],
    ])('RS-36 admits %s', async (_what, text, value) => {
      const outcome = await resolveUrl(text, { allowLoopback: true, ...nameServer(value) });
      expect(outcome).toEqual({ ok: true, value });
    });

    it.each([
      ['http to elsewhere', 'http://a.example/', [publicAddress], 'scheme'],
      ['http to a private address', 'http://10.0.0.1/', [], 'scheme'],
      ['https to a private address', 'https://10.0.0.1/', [], 'special address'],
      ['another port elsewhere', 'https://a.example:22/', [publicAddress], 'port'],
      [
        'loopback and elsewhere',
        'https://a.example/',
        ['127.0.0.1', publicAddress],
        'special address',
      ],
    ])('THR-14 still refuses %s', async (_what, text, answer, failure) => {
      const outcome = await resolveUrl(text, { allowLoopback: true, ...nameServer(answer) });
      expect(outcome).toEqual({ ok: false, failure });
    });
  });
});
