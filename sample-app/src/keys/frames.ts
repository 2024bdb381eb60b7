import { parseJsonObject, type JsonObject } from '@keybound/core';

/** Of a message as UTF-8: far more than the longest token that is signed. */
export const maxFrameOctets = 65_536;
const lengthOctets = 4;
const messageDepth = 4;

/** A message for a socket: the length of its JSON in four octets, the highest first, and the JSON. */
export function frameOf(message: JsonObject): Uint8Array {
  const content = Buffer.from(JSON.stringify(message));
  if (content.length > maxFrameOctets) throw new RangeError('A message is too long for a frame.');
  const length = Buffer.alloc(lengthOctets);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** Puts messages together again that arrive in pieces. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * @returns The messages that are complete by now.
   * @throws RangeError for a frame that is too long or no JSON object: what follows means nothing.
   */
  read(octets: Uint8Array): readonly JsonObject[] {
    this.#pending = Buffer.concat([this.#pending, octets]);
    const messages: JsonObject[] = [];
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) {
      const message = parseJsonObject(frame, messageDepth);
      if (message === undefined) throw new RangeError('A frame holds no JSON object.');
      messages.push(message);
    }
    return messages;
  }

  #take(): Buffer | undefined {
    if (this.#pending.length < lengthOctets) return undefined;
    const end = lengthOctets + this.#pending.readUInt32BE();
    if (end > lengthOctets + maxFrameOctets) throw new RangeError('A frame is too long.');
    if (this.#pending.length < end) return undefined;
    const frame = this.#pending.subarray(lengthOctets, end);
    this.#pending = this.#pending.subarray(end);
    return frame;
  }
}
