/** Follows the files of registered sources: started, stopped and changed as the control state says. */
import type { ControlState } from '@cadf-pipeline/control-state';
import type { SourceRegistry } from '../source-registry.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { FollowedFileDependencies } from './followed-file.ts';
import { followSource } from './followed-source.ts';
import type { FollowedSource } from './followed-source.ts';

export interface FollowedFilesDependencies extends Omit<FollowedFileDependencies, 'checkpoints'> {
  readonly state: ControlState;
  readonly sources: SourceRegistry;
  readonly checkpoints: () => Promise<Checkpoints>;
  readonly maxLineBytes: number;
  /** A file silent for so long is at the end of its last record, ms. */
  readonly idleMs: number;
}

export interface FollowedFiles {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Sources of which a file is not being followed, and why. */
  troubles(): ReadonlyMap<string, string>;
}

interface Follower {
  /** What it was started with. */
  readonly definition: string;
  readonly followed: FollowedSource;
}

export function createFollowedFiles(dependencies: FollowedFilesDependencies): FollowedFiles {
  const { idleMs, maxLineBytes, sources, state } = dependencies;
  const followers = new Map<string, Follower>();
  const troubles = new Map<string, string>();
  let checkpoints: Checkpoints | undefined;
  let unlisten = (): void => undefined;
  // Changes are applied one after the other, so that a source never has two followers.
  let applying: Promise<void> = Promise.resolve();

  function apply(id: string): void {
    applying = applying.then(async () => {
      const definition = state.get('source', id)?.entity;
      const follow = definition?.follow;
      const current = followers.get(id);
      const wanted =
        follow === undefined ? undefined : JSON.stringify([follow, definition?.type, definition?.settings]);
      if (current?.definition === wanted) return;
      await current?.followed.stop();
      followers.delete(id);
      troubles.delete(id);
      if (definition === undefined || follow === undefined || wanted === undefined) return;
      const source = sources.get(definition.type);
      if (source === undefined) {
        troubles.set(id, `type ${definition.type} reads no raw records`);
        return;
      }
      checkpoints ??= await dependencies.checkpoints();
      const onTrouble = (reason: string | undefined): void => {
        if (reason === undefined) troubles.delete(id);
        else troubles.set(id, reason);
      };
      const followed = followSource(
        { source, definition, follow, maxLineBytes, idleMs, onTrouble },
        { ...dependencies, checkpoints },
      );
      followers.set(id, { definition: wanted, followed });
    });
  }

  return {
    async start() {
      checkpoints = await dependencies.checkpoints();
      unlisten = state.onChange((kind, id) => {
        if (kind === 'source') apply(id);
      });
      for (const { entity } of state.list('source')) apply(entity.id);
    },
    async stop() {
      unlisten();
      await applying;
      await Promise.all([...followers.values()].map(({ followed }) => followed.stop()));
      followers.clear();
    },
    troubles: () => troubles,
  };
}
