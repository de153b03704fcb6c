/** `node test/support/certify.ts DIR NAME…`: an authority (`ca.pem`) and certificates of it (`NAME.pem`, `NAME.key`). */
import { createCertificateAuthority } from './certificate-authority.ts';

const [directory, ...names] = process.argv.slice(2);
if (directory === undefined) throw new Error('Which directory?');
const authority = await createCertificateAuthority(directory);
for (const name of names) await authority.certify(name);
