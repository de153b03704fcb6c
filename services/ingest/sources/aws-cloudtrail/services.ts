/** Services of AWS as resources: who did it where nobody called, and what a call was made to where it names nothing else. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { resource, uriPart } from '../../src/normalize/resources.ts';

const TYPES: Readonly<Record<string, string>> = {
  ec2: 'service/compute',
  lambda: 'service/compute',
  ecs: 'service/compute',
  eks: 'service/compute',
  autoscaling: 'service/compute',
  s3: 'service/storage/object',
  ebs: 'service/storage/block',
  rds: 'service/database',
  dynamodb: 'service/database',
  redshift: 'service/database',
  iam: 'service/security',
  sts: 'service/security',
  signin: 'service/security',
  sso: 'service/security',
  guardduty: 'service/security',
  kms: 'service/security/keymanager',
  secretsmanager: 'service/security/keymanager',
  cloudtrail: 'service/oss/logging',
  logs: 'service/oss/logging',
  monitoring: 'service/oss/monitoring',
  config: 'service/oss/configuration',
  ssm: 'service/oss/configuration',
  cloudformation: 'service/composition/orchestration',
  elasticloadbalancing: 'service/network',
  route53: 'service/network',
};

/** `s3.amazonaws.com`. */
export function serviceOf(name: string): Resource {
  const short = shortOf(name);
  return resource(Object.hasOwn(TYPES, short) ? (TYPES[short] ?? 'service') : 'service', uriPart(name), name);
}

/** `s3` of `s3.amazonaws.com`. */
export function shortOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
