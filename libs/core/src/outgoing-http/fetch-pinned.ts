import { isIP, type LookupFunction } from 'node:net';
import type { OutgoingDocument } from './outgoing-http.js';
import type { OutgoingUrl } from './parse-outgoing-url.js';
import { readDocument } from './read-document.js';
import type { CheckedAddresses } from './resolve-target.js';

export interface PinnedRequest {
  /** What is posted; a GET where absent. */
  readonly form: PostedForm | undefined;
  readonly mediaTypes: readonly string[];
  /** Octets. */
  readonly maxBytes: number;
  /** Certificates to trust instead of the built-in ones, as PEM. */
  readonly ca: string | undefined;
  /** Gives up a connection that is not there yet; `signal` alone would leave it dangling. */
  readonly connectSeconds: number;
  /** Ends the request in whatever phase it is. */
  readonly signal: AbortSignal;
}

export interface PostedForm {
  readonly content: string;
  readonly authorization: string | undefined;
}

/**
 * Fetches over one fresh connection to addresses that were checked: no second DNS answer, and no
 * pooled socket of an earlier one, can lead elsewhere. THR-15. Redirects are not followed.
 *
 * undici is loaded when first needed: it takes longer than the rest of the library together.
 *
 * @throws Error for every failure; its message is for the log only.
 */
export async function fetchPinned(
  url: OutgoingUrl,
  addresses: CheckedAddresses,
  { form, mediaTypes, maxBytes, ca, connectSeconds, signal }: PinnedRequest,
): Promise<OutgoingDocument> {
  const { Client } = await import('undici');
  signal.throwIfAborted();
  const client = new Client(url.origin, {
    connect: {
      lookup: lookupOf(addresses),
      rejectUnauthorized: true,
      timeout: connectSeconds * 1_000,
      ...(ca !== undefined && { ca }),
    },
    maxHeaderSize: 16_384,
    headersTimeout: 0, // the one deadline covers every phase
    bodyTimeout: 0,
  });
  const abort = () => void client.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const headers = {
      accept: mediaTypes.join(', '),
      'accept-encoding': 'identity',
      'user-agent': '',
    };
    const response = await client.request({
      path: url.target,
      ...(form === undefined
        ? { method: 'GET', headers }
        : { method: 'POST', headers: { ...headers, ...fieldsOf(form) }, body: form.content }),
    });
    return await readDocument(response, mediaTypes, maxBytes);
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}

function fieldsOf({ authorization }: PostedForm) {
  return {
    'content-type': 'application/x-www-form-urlencoded',
    ...(authorization !== undefined && { authorization }),
  };
}

/** Answers what was checked, whatever is asked. */
function lookupOf(addresses: CheckedAddresses): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all !== true) callback(null, first, isIP(first));
    else
      callback(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );
  };
}
