/** draft-ietf-oauth-pop-key-distribution-01 and -07, RFC 9201, and this project's decisions. */
export const keyDistributionRequirements = {
  'KD-02': 'token_type and key are there, unless registration says the type (-01 §4.1, §5.1)',
  'KD-03': 'token_type is one that the server knows, in any letter case (-01 §6)',
  'KD-04': 'alg is a list of names, one of which key and resource can use (-01 §6)',
  'KD-06': 'the client brings its asymmetric key (-01 §5.1)',
  'KD-07': 'a key that is named and not shown is one that the client registered (-01 §5.1)',
  'KD-09': 'a symmetric key is encrypted for its resource (-01 §4.2, RFC 7800 §3.3)',
  'KD-11': 'aud is the absolute URI of a known resource, without fragment (-01 §3)',
  'KD-12': 'a token with a symmetric key names the resource that it is for (-07 §3, RFC 9201 §3.2)',
  'KD-13': 'the request names exactly one key (-07 §3, RFC 9201 §3.1)',
  'KD-14': 'the client proposes no symmetric key (RFC 9201 §3.1)',
  'KD-15': 'the resource can process the key (RFC 9200 §5.8.3)',
  'KD-17': 'the key is public, sound and meant for signatures',
  'KD-22': 'a token with a symmetric key is for one resource (-01 §7)',
} as const;
