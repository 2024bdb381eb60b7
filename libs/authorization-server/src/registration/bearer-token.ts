import type { HttpRequestView } from '@keybound/core';

const form = /^bearer +([A-Za-z0-9\-._~+/]{1,512}=*)$/i;

/** The token in the one `Authorization` field of a request. RFC 6750 §2.1. */
export function bearerToken(view: HttpRequestView): string | undefined {
  const [field, ...others] = view.headerValues('authorization');
  return field === undefined || others.length > 0 ? undefined : form.exec(field)?.[1];
}
