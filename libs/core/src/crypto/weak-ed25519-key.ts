/**
 * The points whose order divides 8, in every encoding that an engine reads: 0, 1, p - 1, p, p + 1 and
 * the two of order 8 as the y coordinate, each with either sign bit. RFC 8032 §5.1.
 */
const pointsOfLowOrder: ReadonlySet<string> = new Set([
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU',
  'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o',
  '7P_______________________________________38',
  '7f_______________________________________38',
  '7v_______________________________________38',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA',
  'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA',
  'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU',
  'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o',
  '7P________________________________________8',
  '7f________________________________________8',
  '7v________________________________________8',
]);

/**
 * Whether an Ed25519 public key is one that nobody holds: under it, signatures verify that were made
 * without any private key. RFC 8032 §5.1.7 leaves the check to us, and OpenSSL does not make it.
 *
 * @param x Canonical base64url of 32 octets.
 */
export function isOfLowOrder(x: string): boolean {
  return pointsOfLowOrder.has(x);
}
