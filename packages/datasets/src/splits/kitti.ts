const sequences = {
  train: ['00', '01', '02', '03', '04', '05', '06', '07', '09', '10'],
  val: ['08'],
  test: ['11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21'],
} as const;

export type KittiSplit = keyof typeof sequences;

/** Sequences of SemanticKITTI's official split (ScribbleKITTI has the same). */
export const kittiSequences = (split: KittiSplit): readonly string[] => sequences[split];
