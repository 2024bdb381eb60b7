import type {
  AccessTokenRecord,
  RefreshTokenRecord,
  RefreshUse,
} from '@keybound/authorization-server';
import { now } from './frozen.js';

/** A refresh token is exchanged for the next one. */
export function useOf(
  { hash, idleExpiresAt, binding }: RefreshTokenRecord,
  successor: RefreshTokenRecord,
  accessToken: AccessTokenRecord,
): RefreshUse {
  return { hash, successor, graceSeconds: 0, idleExpiresAt, binding, accessToken, now };
}
