import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { instancesPerCategory } from '../nuscenes/read-panoptic.js';

/**
 * Numbers instances as panoptic labels do: from 1 on, by category, the same for an object all along a scene. Ids may be
 * any; they tell objects apart together with the category.
 */
export interface InstanceNumbers {
  /** Numbers objects as if points of theirs, in this order, had been labelled. Raises as `panoptic`. */
  readonly enter: (objects: readonly { category: number; instance: number }[]) => void;
  /** [N] category * 1000 + number; number 0 where the id is 0. Raises `out-of-range` beyond 999 instances of a category. */
  readonly panoptic: (categories: ArrayLike<number>, instances: ArrayLike<number>) => Uint16Array;
}

/** @param source the scene, for the error. */
export const instanceNumbers = (source: string): InstanceNumbers => {
  const numbers = new Map<string, number>();
  const counts = new Map<number, number>();
  const numberOf = (category: number, id: number): number => {
    const key = `${category} ${id}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = (counts.get(category) ?? 0) + 1;
      if (number >= instancesPerCategory)
        raise(
          dataError(
            'out-of-range',
            source,
            'instances',
            `more than ${instancesPerCategory - 1} of category ${category}`,
            `at most ${instancesPerCategory - 1} of a category in a scene, which panoptic labels have room for`,
          ),
        );
      counts.set(category, number);
      numbers.set(key, number);
    }
    return number;
  };
  return {
    enter: (objects) => {
      for (const { category, instance } of objects) numberOf(category, instance);
    },
    panoptic: (categories, instances) =>
      Uint16Array.from(
        instances,
        (id, i) => categories[i] * instancesPerCategory + (id === 0 ? 0 : numberOf(categories[i], id)),
      ),
  };
};
