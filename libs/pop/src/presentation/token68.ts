const form = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Whether text can be a credential after its scheme. RFC 9110 §11.2, RFC 6750 §2.1. */
export function isToken68(text: string): boolean {
  return form.test(text);
}
