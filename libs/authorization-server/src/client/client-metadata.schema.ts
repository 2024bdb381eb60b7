import {
  isJsonObject,
  signatureAlgorithmNames,
  splitHttpUrl,
  type JsonObject,
} from '@keybound/core';
import { z } from 'zod';

const maxRedirectUris = 50;
const maxKeys = 20;

const text = (max: number) => z.string().min(1).max(max);
const uri = text(2_048);
/** THR-80: one that a browser may be shown or sent to; `javascript:` and its like are not URLs here. */
const webUrl = uri.refine((value) => splitHttpUrl(value) !== undefined, 'is not an http(s) URL');
const name = z.string().regex(/^[!#-[\]-~]{1,256}$/, 'is not a name');
const names = z.array(name).max(50);
const algorithm = z.enum(signatureAlgorithmNames);
const keySet = z.custom<JsonObject>(
  (value) =>
    isJsonObject(value) &&
    Array.isArray(value['keys']) &&
    value['keys'].length <= maxKeys &&
    value['keys'].every(isJsonObject),
  `is not a set of at most ${String(maxKeys)} keys`,
);

/**
 * The members that a client may register, each by itself: RFC 7591 §2, OpenID Connect Registration §2
 * and the specifications of AS-219. What it leaves out stays away, and unknown members are dropped;
 * defaults and how the members fit one another are `parseClientMetadata`'s.
 */
export const registeredMembers = z.object({
  redirect_uris: z.array(z.string()).max(maxRedirectUris).exactOptional(),
  response_types: z.array(text(256)).max(50).exactOptional(),
  grant_types: names.exactOptional(),
  application_type: z.enum(['web', 'native']).exactOptional(),
  token_endpoint_auth_method: name.exactOptional(),
  token_endpoint_auth_signing_alg: algorithm.exactOptional(),
  client_name: text(256).exactOptional(),
  client_uri: webUrl.exactOptional(),
  logo_uri: webUrl.exactOptional(),
  policy_uri: webUrl.exactOptional(),
  tos_uri: webUrl.exactOptional(),
  contacts: z.array(text(256)).max(10).exactOptional(),
  scope: z
    .string()
    .regex(/^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/, 'is not a list of scopes')
    .max(4_096)
    .exactOptional(),
  jwks: keySet.exactOptional(),
  jwks_uri: webUrl.exactOptional(),
  software_id: text(256).exactOptional(),
  software_version: text(256).exactOptional(),
  subject_type: z.enum(['public', 'pairwise']).exactOptional(),
  sector_identifier_uri: webUrl.exactOptional(),
  id_token_signed_response_alg: algorithm.exactOptional(),
  userinfo_signed_response_alg: algorithm.exactOptional(),
  introspection_signed_response_alg: algorithm.exactOptional(),
  request_object_signing_alg: algorithm.exactOptional(),
  require_signed_request_object: z.boolean().exactOptional(),
  require_pushed_authorization_requests: z.boolean().exactOptional(),
  default_max_age: z.int().min(0).max(2_147_483_647).exactOptional(),
  require_auth_time: z.boolean().exactOptional(),
  default_acr_values: z.array(text(256)).max(20).exactOptional(),
  initiate_login_uri: webUrl.exactOptional(),
  post_logout_redirect_uris: z.array(z.string()).max(maxRedirectUris).exactOptional(),
  authorization_details_types: names.exactOptional(),
  dpop_bound_access_tokens: z.boolean().exactOptional(),
  pop_bound_access_tokens: z.boolean().exactOptional(),
});

export type RegisteredMembers = z.infer<typeof registeredMembers>;
