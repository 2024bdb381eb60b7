/** A JSON Resource Descriptor. RFC 7033 §4.4. */
export interface WebFingerDocument {
  readonly subject: string;
  readonly links: readonly WebFingerLink[];
}

export interface WebFingerLink {
  readonly rel: string;
  readonly href: string;
}

/**
 * What is told about a resource. RFC 7033 §4.3: `rel` filters the links and nothing else; without one,
 * all of them are told. OIDC-07.
 */
export function webFingerDocument(
  subject: string,
  links: readonly WebFingerLink[],
  relations: readonly string[],
): WebFingerDocument {
  const wanted = links.filter(({ rel }) => relations.length === 0 || relations.includes(rel));
  return { subject, links: wanted };
}
