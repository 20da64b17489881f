/**
 * Who is right where a mask says one class and the pixel or point inside it is sure of another: `mask`, as in the paper; `own`; or `none`,
 * and it is not learned from. Masks join a thin thing with what is behind it, where the network itself knows better; where it is sure and
 * wrong, only masks can tell it so.
 */
export const conflictRules = ['mask', 'own', 'none'] as const;
export type ConflictRule = (typeof conflictRules)[number];

/**
 * Changes the classes that masks gave, where they contradict.
 *
 * @param classes [R] of the masks, 0 for none: stays none
 * @param own [R] what each is sure of by itself, 0 where it is not
 * @returns [R]
 */
export const settleConflicts = (classes: Uint8Array, own: Uint8Array, rule: ConflictRule): Uint8Array =>
  rule === 'mask'
    ? classes
    : classes.map((given, r) => {
        const sure = own[r]!;
        if (given === 0 || sure === 0 || sure === given) return given;
        return rule === 'own' ? sure : 0;
      });
