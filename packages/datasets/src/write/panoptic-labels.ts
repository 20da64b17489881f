import { instancesPerCategory } from '../nuscenes/read-panoptic.js';

/**
 * Numbers instances as panoptic labels do: from 1 on, by category, the same for an object all along a scene. Ids may be
 * any; they tell objects apart together with the category.
 */
export interface InstanceNumbers {
  /** [N] category * 1000 + number; number 0 where the id is 0. @throws RangeError beyond 999 instances of a category. */
  readonly panoptic: (categories: ArrayLike<number>, instances: ArrayLike<number>) => Uint16Array;
}

export const instanceNumbers = (): InstanceNumbers => {
  const numbers = new Map<string, number>();
  const counts = new Map<number, number>();
  return {
    panoptic: (categories, instances) =>
      Uint16Array.from(instances, (id, i) => {
        const category = categories[i];
        if (id === 0) return category * instancesPerCategory;
        const key = `${category} ${id}`;
        let number = numbers.get(key);
        if (number === undefined) {
          number = (counts.get(category) ?? 0) + 1;
          if (number >= instancesPerCategory)
            throw new RangeError(`more than ${instancesPerCategory - 1} instances of category ${category}`);
          counts.set(category, number);
          numbers.set(key, number);
        }
        return category * instancesPerCategory + number;
      }),
  };
};
