import { encodeShape } from '@cadf-pipeline/event-shape';
import type { Shape } from '@cadf-pipeline/event-shape';
import type { Engine } from '../engine/engine.ts';
import { createNativeEncoder } from '../native/block.ts';
import { createStringColumn } from '../native/string-column.ts';

/** Stores shapes before the first rows that need them. `shapes` are made of binary strings. */
export async function putShapes(engine: Engine, shapes: readonly Shape[]): Promise<void> {
  const id = createStringColumn('id');
  const body = createStringColumn('body');
  for (const shape of shapes) {
    id.add(shape.id);
    body.add(encodeShape(shape));
  }
  await engine.insert('shapes', ['id', 'body'], createNativeEncoder().encode([id, body], shapes.length));
}
