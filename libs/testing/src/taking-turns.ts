/**
 * Several instances as one in the eyes of their user: each call goes to the next of them. AS-272.
 *
 * @param stores Of one port, which share what they keep.
 */
export function takingTurns<Store extends object>(
  stores: readonly [Store, ...(readonly Store[])],
): Store {
  const [first] = stores;
  let calls = 0;
  return new Proxy(first, {
    get(_first, name) {
      const store = stores[calls % stores.length] ?? first;
      const member: unknown = Reflect.get(store, name, store);
      if (typeof member !== 'function') return member;
      calls++;
      return (...args: readonly unknown[]): unknown => Reflect.apply(member, store, args);
    },
  });
}
