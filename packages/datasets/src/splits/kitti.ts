const sequences = {
  train: ['00', '01', '02', '03', '04', '05', '06', '07', '09', '10'],
  val: ['08'],
  test: ['11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21'],
} as const;

export type KittiSplit = keyof typeof sequences;

/**
 * Sequences of SemanticKITTI's official split (ScribbleKITTI has the same).
 *
 * @throws RangeError for another word than a split's.
 */
export const kittiSequences = (split: KittiSplit): readonly string[] => {
  if (!Object.hasOwn(sequences, split))
    throw new RangeError(`kittiSequences: ${split} is none of ${Object.keys(sequences).join(', ')}`);
  return sequences[split];
};
