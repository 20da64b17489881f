import { nuscenesLabelSpace, polarMixClasses, semanticKittiLabelSpace } from '@nerfseg/datasets';
import type { TrainSettings } from '../train/settings.js';

/**
 * The classes whose things PolarMix pastes: what the run says, else those of the published settings, for the label
 * spaces of nuScenes and SemanticKITTI (with its moving classes, too); undefined for others.
 *
 * @param names of all classes, the ignored class 0 first.
 */
export function mixClassesOf(
  { polarMixClasses: chosen }: TrainSettings,
  names: readonly string[],
): readonly number[] | undefined {
  if (chosen) return chosen;
  const beginsLike = (known: readonly string[]): boolean => known.every((name, c) => names[c] === name);
  if (beginsLike(nuscenesLabelSpace.names)) return polarMixClasses.nuscenes;
  if (!beginsLike(semanticKittiLabelSpace.names)) return undefined;
  const known = semanticKittiLabelSpace.names.length;
  return [...polarMixClasses.semantickitti, ...names.slice(known).map((_, i) => known + i)];
}
