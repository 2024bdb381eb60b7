import { describe, expect, it } from '@jest/globals';
import { frozenCopy } from './frozen-copy.js';

describe('frozenCopy', () => {
  it('AS-270 copies all of a record', () => {
    const record = {
      text: 'x',
      nothing: undefined,
      list: [1, { deep: null }],
      json: JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as object,
    };
    const copy = frozenCopy(record);
    expect(copy).toStrictEqual(record);
    expect(copy).not.toBe(record);
    expect(Object.keys(copy.json)).toEqual(['__proto__', 'constructor']);
    expect('admin' in copy.json).toBe(false);
  });

  it('AS-270 lets nobody change the copy, however deep', () => {
    const copy = frozenCopy({ list: [{ deep: 1 }] });
    expect(() => copy.list.push({ deep: 2 })).toThrow(TypeError);
    expect(() => Object.assign(copy.list[0] ?? {}, { deep: 2 })).toThrow(TypeError);
  });

  it('AS-270 does not follow changes of the original', () => {
    const original = { list: [{ deep: 1 }] };
    const copy = frozenCopy(original);
    original.list.push({ deep: 2 });
    expect(copy).toEqual({ list: [{ deep: 1 }] });
  });
});
