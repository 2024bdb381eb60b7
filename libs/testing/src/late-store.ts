import { setTimeout as pause } from 'node:timers/promises';

/**
 * A store at the far end of a network: each question takes a while to get there, and each answer to
 * come back, so that calls overtake one another. It decides as the inner store does.
 *
 * @param store    Of any port.
 * @param delaysMs How long each way takes, in milliseconds; calls take them in turn.
 */
export function answeringLate<Store extends object>(
  store: Store,
  delaysMs: readonly [number, ...number[]] = [0, 2, 20],
): Store {
  let calls = 0;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const there = calls++;
        await pause(delaysMs[there % delaysMs.length]);
        const outcome: unknown = await Reflect.apply(member, target, args);
        await pause(delaysMs[(there + 1) % delaysMs.length]);
        return outcome;
      };
    },
  });
}
