import { describe, expect, it } from '@jest/globals';
import { FrameReader, frameOf, maxFrameOctets } from './frames.js';

const messages = [{ id: 1 }, { id: 2, data: 'é🔑' }, {}];
const stream = Buffer.concat(messages.map(frameOf));

describe('FrameReader', () => {
  it.each([1, 2, 3, 5, stream.length])(
    'THR-37 puts messages together that come in pieces of %d octets',
    (size) => {
      const reader = new FrameReader();
      const read: unknown[] = [];
      for (let at = 0; at < stream.length; at += size) {
        read.push(...reader.read(stream.subarray(at, at + size)));
      }
      expect(read).toEqual(messages);
    },
  );

  it('THR-73 takes the longest frame, and none that is longer, before it is there', () => {
    const overhead = JSON.stringify({ data: '' }).length;
    const longest = { data: 'a'.repeat(maxFrameOctets - overhead) };
    expect(new FrameReader().read(frameOf(longest))).toEqual([longest]);
    expect(() => frameOf({ data: `${longest.data}a` })).toThrow(RangeError);
    const announced = Buffer.alloc(4);
    announced.writeUInt32BE(maxFrameOctets + 1);
    expect(() => new FrameReader().read(announced)).toThrow(RangeError);
  });

  it.each(['', '[]', 'null', '{', '{"a":{"a":{"a":{"a":{}}}}}'])(
    'THR-05 takes no frame that holds %p',
    (text) => {
      const content = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      const frame = Buffer.concat([length, content]);
      expect(() => new FrameReader().read(frame)).toThrow(RangeError);
    },
  );
});
