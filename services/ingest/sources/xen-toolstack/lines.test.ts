import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHotplugLine } from './hotplug-line.ts';
import { readLibxlLine } from './libxl-line.ts';
import { createNormalizer } from './normalizer.ts';
import { readXendLine } from './xend-line.ts';
import { readXlLine } from './xl-line.ts';

test.each([
  [0, 'stop/shutdown', 'success'],
  [1, 'start/reboot', 'success'],
  [2, 'stop/suspend', 'success'],
  [3, 'stop/crash', 'failure'],
  [4, 'stop/crash', 'failure'],
  [5, 'start/reset', 'success'],
  [7, 'unknown', 'unknown'],
])('shutdown reason %d is %s', (code, action, outcome) => {
  const line = readXlLine(`Domain 4 has shut down, reason code ${code} 0x${code}`, { domid: '4', name: 'a' });
  expect(line?.told).toMatchObject({ action, outcome, domain: { domid: '4', name: 'a' } });
});

test('the name of a watched domain is not given to another domain', () => {
  expect(readXlLine('Domain 5 has been destroyed.', { domid: '4', name: 'a' })?.told).toMatchObject({
    domain: { domid: '5' },
  });
});

test('a failed function of libxl tells what was to be done', () => {
  const told = readLibxlLine('libxl: error: a.c:1:libxl_device_pci_add: Domain 3:no');
  expect(told).toMatchObject({ action: 'update/attach', outcome: 'failure', domain: { domid: '3' } });
  expect(readLibxlLine('libxl: error: a.c:1:libxl__something_inner: no')).toEqual({
    kind: 'ignored',
    rule: 'error-detail',
  });
});

test('the tap of a network card is a detail, the card is not', () => {
  const script = '/etc/xen/scripts/vif-bridge';
  expect(readHotplugLine(`${script}: add type_if=tap XENBUS_PATH=backend/vif/1/0`)?.step).toBe('detail');
  expect(readHotplugLine(`${script}: online type_if=vif XENBUS_PATH=backend/vif/1/0`)).toMatchObject({
    step: 'begins',
    domid: '1',
    device: 'vif/0',
  });
});

test('both times of xend.log are read', () => {
  expect(readXendLine('[2012-03-20 02:12:20 5447] INFO (XendDomain:1 ) x')?.written).toBe(
    '2012-03-20 02:12:20',
  );
  expect(readXendLine('[2017-09-07 11:10:38,238 1771 1431210304] INFO (XendDomain:1) x')?.written).toBe(
    '2017-09-07 11:10:38.238',
  );
});

test('a log that was rotated while it was written tells the domain by its name', () => {
  const end = { text: 'Domain 3 has shut down, reason code 0 0x0', receivedMs: 1 };
  const targetIn = (file?: string) => {
    const [outcome] = createNormalizer({ sourceName: 's', ...(file === undefined ? {} : { file }) }).push(
      end,
    );
    return outcome?.kind === 'event' ? outcome.event.target : outcome?.kind;
  };
  expect(targetIn('xl-web 1.log')).toMatchObject({ id: 's/domain/3', name: 'web 1' });
  expect(targetIn('console.log')).not.toHaveProperty('name');
  expect(targetIn()).not.toHaveProperty('name');
});

test('any lines end in exactly one outcome each', () => {
  const piece = fc.constantFrom(
    'Waiting for domain a (domid 1) to die [pid 2]',
    'Domain 1 has been destroyed.',
    '/etc/xen/scripts/block: add XENBUS_PATH=backend/vbd/1/51712',
    '/etc/xen/scripts/block: Writing backend/vbd/1/51712/hotplug-status connected to xenstore.',
    'libxl: error: ',
    '[2012-03-20 02:12:20 5447] INFO (XendDomain:1) Domain x (1) paused.',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          piece,
          fc.string(),
          fc.tuple(piece, fc.string()).map((two) => two.join('')),
        ),
      ),
      (lines) => {
        const normalizer = createNormalizer({ sourceName: 's' });
        const outcomes = lines.flatMap((text) => normalizer.push({ text, receivedMs: 1 }));
        expect([...outcomes, ...normalizer.flush()].flatMap(({ records }) => records)).toHaveLength(
          lines.length,
        );
      },
    ),
  );
});
