/**
 * Whether a name can be in a database at all: those that are kept there are short and printable. What
 * strangers ask for may be anything, and PostgreSQL fails at some texts.
 */
export function isPossibleName(name: string): boolean {
  return name.length <= 2_048 && /^[\x20-\x7e]*$/.test(name);
}
