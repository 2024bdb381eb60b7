import { generatedSigningKeys } from '@keybound/authorization-server';
import { SettableClock } from '../scene.js';

type SceneKeys = Awaited<ReturnType<typeof generatedSigningKeys>>;

let keys: Promise<SceneKeys> | undefined;

/**
 * The signing keys of the scene: the same for every server of one test file, since making RSA keys
 * takes longer than everything else. A test that rotates keys brings its own.
 */
export function sceneKeys(): Promise<SceneKeys> {
  keys ??= generatedSigningKeys({ clock: new SettableClock() });
  return keys;
}
