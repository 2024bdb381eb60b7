import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { splitHttpUrl, type HttpUrl } from './http-url.js';

const baseUrl = z.string().transform((text, context) => {
  const url = splitHttpUrl(text);
  if (url === undefined || url.query !== undefined || text.includes('#')) {
    context.addIssue({ code: 'custom', message: `must be an absolute http(s) URL, not "${text}"` });
    return z.NEVER;
  }
  return { ...url, path: url.path.replace(/\/$/, '') };
});

const addresses = z
  .array(z.string())
  .min(1)
  .transform((entries, context) => {
    const list = new BlockList();
    for (const entry of entries) {
      const [address = '', prefix, ...rest] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      const bits = prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix);
      const valid = isIP(address) !== 0 && rest.length === 0 && Number.isInteger(bits) && bits > 0;
      if (!valid || bits > (family === 'ipv6' ? 128 : 32)) {
        context.addIssue({ code: 'custom', message: `"${entry}" is not an address or a range` });
        return z.NEVER;
      }
      list.addSubnet(address, bits, family);
    }
    return (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  });

/**
 * Where the URL comes from under which clients reach us. The first choice is to state it
 * (`publicBaseUrl`, which may carry a path); fields of a trusted proxy are the second.
 */
export const publicUrlOptions = {
  publicBaseUrl: baseUrl.optional(),
  forwarded: z
    .strictObject({
      /** Addresses or CIDR ranges of the proxies, matched against the socket's other end. */
      trustedProxies: addresses,
      /** `host` or `host:port`, as clients write them. */
      allowedHosts: z.array(z.string().toLowerCase()).min(1),
      /**
       * The family of fields that the proxy sets, `Forwarded` (RFC 7239) or `X-Forwarded-*`. The other
       * one may come from the client, and is ignored.
       */
      fields: z.enum(['x-forwarded', 'forwarded']),
      /** Whether `X-Forwarded-Prefix` of a trusted proxy counts. */
      usePrefix: z.boolean().default(false),
    })
    .optional(),
};

/** A parsed source of the public URL: exactly one of the two. */
export type PublicUrl =
  | { readonly kind: 'configured'; readonly base: HttpUrl }
  | {
      readonly kind: 'forwarded';
      readonly isTrustedProxy: (address: string) => boolean;
      readonly allowedHosts: readonly string[];
      readonly fields: 'x-forwarded' | 'forwarded';
      readonly usePrefix: boolean;
    };

type ParsedPublicUrlOptions = z.output<z.ZodObject<typeof publicUrlOptions>>;

/** Picks the one source that was configured; undefined when none or both are. */
export function publicUrlOf(options: ParsedPublicUrlOptions): PublicUrl | undefined {
  const { publicBaseUrl, forwarded } = options;
  if ((publicBaseUrl === undefined) === (forwarded === undefined)) return undefined;
  if (publicBaseUrl !== undefined) return { kind: 'configured', base: publicBaseUrl };
  if (forwarded === undefined) return undefined;
  const { trustedProxies, ...rest } = forwarded;
  return { kind: 'forwarded', isTrustedProxy: trustedProxies, ...rest };
}
