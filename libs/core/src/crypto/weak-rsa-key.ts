const minBits = 2048;
const maxBits = 8192;
const minExponent = 65_537;
const maxExponent = 2 ** 32;

/** Primes modulo which every ROCA modulus is a power of 65537. CVE-2017-15361. */
const fingerprintPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
];
const powersOf65537 = fingerprintPrimes.map((prime) => powersModulo(65_537, prime));

/**
 * Why an RSA public key must not be used, or undefined. RFC 8725 §3.5, NIST SP 800-89 §5.3.3.
 *
 * @param modulus  Big-endian, without a leading zero octet.
 * @param exponent Big-endian, without a leading zero octet.
 */
export function weaknessOfRsaKey(modulus: Uint8Array, exponent: Uint8Array) {
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < minBits || bits > maxBits) return 'RSA size';
  if (exponent.length > 4) return 'RSA exponent';
  const e = exponent.reduce((value, octet) => value * 256 + octet, 0);
  if (e % 2 === 0 || e < minExponent || e >= maxExponent) return 'RSA exponent';
  const last = modulus.at(-1) ?? 0;
  if (last % 2 === 0) return 'RSA member';
  return hasRocaFingerprint(modulus) ? 'RSA fingerprint of a known weakness' : undefined;
}

function hasRocaFingerprint(modulus: Uint8Array): boolean {
  return fingerprintPrimes.every((prime, index) =>
    powersOf65537[index]?.has(remainder(modulus, prime)),
  );
}

function remainder(bigEndian: Uint8Array, divisor: number): number {
  let rest = 0;
  for (const octet of bigEndian) rest = (rest * 256 + octet) % divisor;
  return rest;
}

function powersModulo(base: number, modulus: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % modulus) powers.add(power);
  return powers;
}
