import type { TorchTensor } from '../torch/decode-torch.js';
import { refuse } from '../torch/refuse.js';
import type { Naming } from './foreign-names.js';

/** A checkpoint whose naming is known, its tensors by the names that this naming gives them. */
export interface RecognisedCheckpoint {
  readonly naming: Naming;
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

const marks: readonly (readonly [Naming, RegExp])[] = [
  ['cylinder3d', /^(.*?)(?:cylinder_3d_generator|cylinder_3d_spconv_seg)\./],
  ['mmdetection3d', /^(.*?)(?:(?:pts_)?voxel_encoder|backbone\.down_context|decode_head\.conv_seg)\./],
];

/**
 * Says whose names a state dictionary has, and takes away what wrappers put before all of them (`module.`, `model.`). mmdetection3d
 * called its voxel encoder `pts_voxel_encoder` at times.
 */
export function recognise(tensors: ReadonlyMap<string, TorchTensor>): RecognisedCheckpoint {
  for (const [naming, pattern] of marks) {
    const prefixes = [...tensors.keys()].flatMap((name) => pattern.exec(name)?.slice(1, 2) ?? []);
    const prefix = prefixes[0];
    if (prefix === undefined) continue;
    const stripped = [...tensors].map(([name, tensor]): [string, TorchTensor] => {
      const own = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return [own.replace(/^pts_voxel_encoder\./, 'voxel_encoder.'), tensor];
    });
    return { naming, tensors: new Map(stripped) };
  }
  return refuse(
    'mismatch',
    'state_dict',
    `${tensors.size} tensors: ${[...tensors.keys()].slice(0, 3).join(', ')}, ...`,
    "Cylinder3D's, such as cylinder_3d_spconv_seg.logits.weight or decode_head.conv_seg.weight",
    'Checkpoints of other networks cannot be imported.',
  );
}
