/**
 * Takes secrets off the command line of a machine that the general patterns do not know: keys of remote disks in URLs,
 * data of secret objects, credentials for the guest, variables of the environment.
 */
import { redactText } from '../../src/normalize/redact-secrets.ts';

const VALUE = '[^\\s,:\'"\\\\]{1,4096}';
const PATTERNS: readonly RegExp[] = [
  // rbd:pool/image:id=admin:key=AQB…: of Ceph, before it was kept in a secret object
  new RegExp(`(:key=)${VALUE}`, 'g'),
  // https://user:password@host/
  /(:\/\/[^\s:@/'"]{1,256}:)[^\s@/'"]{1,1024}(?=@)/g,
  // -object secret,id=…,data=… and {"qom-type":"secret",…,"data":"…"}
  new RegExp(`(\\bsecret,(?:[^\\s]{0,200},)?data=)${VALUE}`, 'g'),
  /("qom-type":"secret"[^}]{0,1024}"data":")[^"]{1,4096}/g,
  // -smbios type=11,value=io.systemd.credential:NAME=SECRET
  /(io\.systemd\.credential(?:\.binary)?:[^\s=]{1,256}=)[^\s'"]{1,4096}/g,
  // -fw_cfg name=opt/com.coreos/config,string=…: what the guest is set up with, its users and keys
  /(-fw_cfg 'name=[^\s,']{1,256},string=)[^'\n]{1,65536}/g,
  /(-fw_cfg name=[^\s,']{1,256},string=)[^\s]{1,65536}/g,
  // NAME_TOKEN=…, API_KEY=… of the environment
  /(^[A-Z0-9_]{0,64}(?:TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)=)[^\s]{1,4096}/gm,
  /((?:"|[\s,])(?:token|api[_-]?key)"?[=:] ?"?)[^\s"',]{1,4096}/g,
];

export function redactCommand(text: string): string {
  return PATTERNS.reduce((left, pattern) => left.replace(pattern, '$1***'), redactText(text));
}
