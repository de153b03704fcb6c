import type { Engine } from '../engine/engine.ts';
import type { DeadLetter } from '../interface.ts';
import { toBinary } from '../native/binary-string.ts';
import { createNativeEncoder } from '../native/block.ts';
import { createLowCardinalityColumn } from '../native/low-cardinality-column.ts';
import { createUnsignedColumn, createWideColumn } from '../native/number-column.ts';
import { createStringColumn } from '../native/string-column.ts';
import { tenantSet } from '../row/text-lists.ts';

/** Stores letters, or what became of letters stored before. The same letter twice is one. */
export async function putDeadLetters(engine: Engine, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  const id = createStringColumn('id');
  const received = createWideColumn('received', "DateTime64(3, 'UTC')");
  const source = createLowCardinalityColumn('source');
  const sourceType = createLowCardinalityColumn('source_type');
  const submitter = createLowCardinalityColumn('submitter');
  const tenants = createLowCardinalityColumn('tenant_set');
  const stage = createLowCardinalityColumn('stage');
  const code = createLowCardinalityColumn('code');
  const detail = createStringColumn('detail');
  const record = createStringColumn('record');
  const replayed = createUnsignedColumn('replayed', 'UInt8');
  const outcome = createLowCardinalityColumn('outcome');
  for (const letter of letters) {
    id.add(toBinary(letter.id));
    received.add(Math.max(0, Math.trunc(letter.receivedMs) || 0));
    source.add(toBinary(letter.source));
    sourceType.add(toBinary(letter.sourceType));
    submitter.add(toBinary(letter.submitter));
    tenants.add(tenantSet(letter.tenants));
    stage.add(toBinary(letter.stage));
    code.add(toBinary(letter.code));
    detail.add(toBinary(letter.detail));
    record.add(letter.record.toString('latin1'));
    replayed.add(letter.status === 'replayed' ? 1 : 0);
    outcome.add(toBinary(letter.outcome ?? ''));
  }
  const head = [id, received, source, sourceType, submitter, tenants];
  const columns = [...head, stage, code, detail, record, replayed, outcome];
  await engine.insert(
    'dead_letters',
    columns.map((column) => column.name),
    createNativeEncoder().encode(columns, letters.length),
  );
}
