/** Waits until a service counts as many events as it was sent. */
import type { TestService } from '../support/service.ts';

export async function countEvents(service: TestService): Promise<number> {
  const response = await service.fetch('/cadf/v1/count');
  return ((await response.json()) as { count: number }).count;
}

export async function waitForCount(service: TestService, expected: number): Promise<void> {
  while ((await countEvents(service)) < expected) await new Promise((resume) => setTimeout(resume, 25));
}
