import type { Shape } from '@cadf-pipeline/event-shape';

/** Which shapes the store has, as far as this process knows; a shape put twice does no harm. */
export interface KnownShapes {
  /** A row of the block being built needs it. */
  use(shape: Shape): void;
  /** Used and not stored yet. */
  fresh(): readonly Shape[];
  stored(shapes: readonly Shape[]): void;
}

const MAX_KNOWN = 16_384;

export function createKnownShapes(): KnownShapes {
  let known = new WeakSet<Shape>();
  const ids = new Set<string>();
  const waiting = new Map<string, Shape>();
  return {
    use(shape) {
      if (known.has(shape)) return;
      if (ids.has(shape.id)) known.add(shape);
      else waiting.set(shape.id, shape);
    },
    fresh: () => [...waiting.values()],
    stored(shapes) {
      if (ids.size + shapes.length > MAX_KNOWN) {
        ids.clear();
        known = new WeakSet();
      }
      for (const shape of shapes) {
        ids.add(shape.id);
        known.add(shape);
        waiting.delete(shape.id);
      }
    },
  };
}
