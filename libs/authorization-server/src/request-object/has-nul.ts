/**
 * Whether JSON names U+0000, which forms may not carry either: databases do not take it in a text
 * (THR-35). It can be there only as this escape; a backslash before it makes no difference that
 * anybody needs.
 */
export function hasNul(json: string): boolean {
  return json.includes('\\u0000');
}
