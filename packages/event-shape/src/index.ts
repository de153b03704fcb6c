export * from './interface.ts';
export { isNumberHole, pointerIndex } from './pointer-index.ts';
export { joinShape } from './join-shape.ts';
export { decodeStringContent } from './json-string.ts';
export { decodeShape, encodeShape, ShapeTextError } from './shape-codec.ts';
export { createShapeSplitter } from './splitter.ts';
export type { ShapeSplitterOptions } from './splitter.ts';
export { restoreUuidHyphens, stripUuidHyphens } from './uuid-hyphens.ts';
