/**
 * The one way out. Everything that is fetched on behalf of a request or from a URL in a message goes
 * through it; the guards (scheme, addresses, redirects, size, time) live in `guardedHttp`.
 */
export interface OutgoingHttp {
  /**
   * Fetches a document.
   *
   * @param url Absolute and without a fragment; nothing in it is repaired.
   * @throws UpstreamError whatever went wrong; its message carries no network detail.
   */
  get(url: string, request: OutgoingRequest): Promise<OutgoingDocument>;
}

/** The same way out for those who have to ask by a form: bounded and guarded alike. */
export interface OutgoingForms {
  /**
   * Posts a form and takes the document that answers it.
   *
   * @throws UpstreamError whatever went wrong; its message carries no network detail.
   */
  postForm(url: string, request: OutgoingFormRequest): Promise<OutgoingDocument>;
}

export interface OutgoingFormRequest extends OutgoingRequest {
  readonly form: readonly (readonly [name: string, value: string])[];
  /** The `Authorization` field: who asks. */
  readonly authorization?: string;
}

export interface OutgoingRequest {
  /** Media types that are taken, lower case, without parameters. Sent as `Accept`. */
  readonly mediaTypes: readonly string[];
  /** Most octets of content, after inflating; at most the guard's own limit. */
  readonly maxBytes?: number;
  /** One limit over everything; at most the guard's own. */
  readonly deadlineSeconds?: number;
}

export interface OutgoingDocument {
  readonly body: Uint8Array;
  /** `Cache-Control: max-age`, in seconds; undefined where absent or unusable. */
  readonly maxAgeSeconds: number | undefined;
}

export const OutgoingHttp = Symbol('OutgoingHttp');
