import type { FrameRecord, RecordedObject } from '../record.js';

/** The objects of a frame, each once, in the order of its points; none where it has no labels or no instances. */
export const objectsOf = ({
  labels,
  instances,
}: Pick<FrameRecord, 'labels' | 'instances'>): RecordedObject[] => {
  if (!labels || !instances) return [];
  const seen = new Set<string>();
  const objects: RecordedObject[] = [];
  for (const [i, label] of labels.entries()) {
    const instance = instances[i];
    const key = `${label} ${instance}`;
    if (instance === 0 || seen.has(key)) continue;
    seen.add(key);
    objects.push({ label, instance });
  }
  return objects;
};
