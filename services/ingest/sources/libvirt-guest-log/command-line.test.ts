import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCommand } from './command-line.ts';

const uuid = '3b0a8c9e-5d1f-4f63-9f2a-6a1d0f1c2b08';

test('what the lines of a command say of the machine', () => {
  expect(
    readCommand([
      'LC_ALL=C \\',
      "HOME='/var/lib/libvirt/qemu/domain-5-vm two' \\",
      '/usr/bin/qemu-system-x86_64 \\',
      "-name 'guest=vm two,debug-threads=on' \\",
      '-accel tcg \\',
      `-uuid ${uuid} \\`,
      '-incoming defer',
    ]),
  ).toEqual({
    name: 'vm two',
    uuid,
    emulator: '/usr/bin/qemu-system-x86_64',
    accelerator: 'tcg',
    incoming: 'defer',
    isContainer: false,
  });
});

test('the older form has all in one line, and no "guest="', () => {
  const line = `LC_ALL=C PATH=/bin /usr/bin/kvm -name web1 -machine pc,accel=kvm -uuid ${uuid.toUpperCase()} -S`;
  expect(readCommand([line])).toMatchObject({
    name: 'web1',
    uuid,
    accelerator: 'kvm',
    emulator: '/usr/bin/kvm',
  });
});

test('a container is told by its program', () => {
  expect(readCommand(['PATH=/bin /usr/libexec/libvirt_lxc --name c1 --console 22'])).toMatchObject({
    name: 'c1',
    isContainer: true,
  });
});

test('a cut command line says what it says', () => {
  expect(readCommand([])).toEqual({ isContainer: false });
  expect(readCommand(['-name guest=a'])).toEqual({ name: 'a', isContainer: false });
});

test('any name is read back from the way libvirt writes it', () => {
  const names = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(names, (name) => {
      fc.pre(!/[\s"]/.test(name));
      const value = `guest=${name.replaceAll(',', ',,')},debug-threads=on`;
      const written = /^[\w=,.-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
      expect(readCommand([`-name ${written} \\`, '-S']).name).toBe(name);
    }),
  );
});
