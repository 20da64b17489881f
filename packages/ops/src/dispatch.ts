import {
  backend,
  engine,
  fill,
  type GradConfig,
  getBackend,
  getGradient,
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  tidy,
} from '@tensorflow/tfjs-core';
import { registerStandardGradients } from './gradients/register-standard-gradients.js';
import { type HostKernel, hostKernelFunc, isHostBackend } from './host/memory.js';

/** The inputs of a kernel as tensors. */
export type TensorsOf<Inputs> = { readonly [K in keyof Inputs]: Tensor };

/** Gradients of a primitive's outputs; undefined is zero. */
export type OutputGradients = readonly [Tensor, ...(Tensor | undefined)[]];

/** What a primitive's gradient needs and how it is made, lazily per input: what nobody asks for is not computed. */
export interface PrimitiveGradient<Inputs, Attrs> {
  /** 'all': every one of a list of inputs. */
  readonly saveInputs: readonly (keyof Inputs & string)[] | 'all';
  readonly saveOutputs?: readonly boolean[] | 'all';
  /**
   * `dys`: gradients of the outputs; undefined where nobody differentiates one, but for the first. `saved`: the saved inputs
   * in the order named, then the saved outputs.
   */
  readonly rule: (
    dys: OutputGradients,
    saved: readonly Tensor[],
    attrs: Attrs,
  ) => { readonly [K in keyof Inputs]?: () => Tensor };
}

/** A kernel of `kernels.ts` with its implementations and its gradient. */
export interface Primitive<Inputs, Attrs> {
  readonly name: string;
  /** Composed of tfjs ops that every backend has. Left out: the op asks `hasKernel` first, and is composed of other ops without. */
  readonly portable?: (inputs: TensorsOf<Inputs>, attrs: Attrs) => Tensor | Tensor[];
  /** Plain loops, for the backends whose tensors are typed arrays. */
  readonly host?: HostKernel<Inputs, Attrs>;
  readonly gradient?: PrimitiveGradient<Inputs, Attrs>;
}

let portableOnly = 0;

/** Runs `compute` (synchronously) with the composed form of every primitive, whatever kernels the backend has. For tests. */
export const withPortableKernels = <T>(compute: () => T): T => {
  portableOnly++;
  try {
    return compute();
  } finally {
    portableOnly--;
  }
};

/** Whether the current backend has a kernel of its own for a primitive. */
export const hasKernel = (name: string): boolean => {
  backend(); // initialises the backend where that has not happened
  return portableOnly === 0 && getKernel(name, getBackend()) != null;
};

/**
 * Runs a primitive on the current backend: through the kernel registered there under its name, else through its host
 * form on the cpu and wasm backends, else composed of tfjs ops. Kernels and gradients are registered on first use, so
 * that importing the package does nothing.
 */
export const runPrimitive = <Inputs extends { [K in keyof Inputs]: TensorInfo }, Attrs>(
  primitive: Primitive<Inputs, Attrs>,
  inputs: TensorsOf<Inputs>,
  attrs: Attrs,
): Tensor[] => {
  registerStandardGradients();
  backend(); // initialises the backend where that has not happened
  const backendName = getBackend();
  const name = portableOnly > 0 ? `${primitive.name}Portable` : primitive.name;
  if (primitive.gradient && getGradient(name) == null)
    registerGradient(gradientConfig(name, primitive.gradient));
  if (getKernel(name, backendName) == null) {
    registerKernel({ kernelName: name, backendName, kernelFunc: kernelFuncOf(primitive, backendName) });
  }
  // tfjs passes attributes through untouched, but its types do not know typed arrays.
  const outputs = engine().runKernel<Tensor | Tensor[]>(
    name,
    inputs as unknown as NamedTensorMap,
    attrs as unknown as NamedAttrMap,
  );
  if (!Array.isArray(outputs)) return [outputs];
  if (primitive.gradient) spareZeros(outputs, primitive.gradient, attrs);
  return outputs;
};

/**
 * tfjs hands a gradient zeros, made on the host, for every output that nobody differentiates: for what
 * the point encoder keeps for its gradient that was 33 MB of a small network's training step, half of what the host allocated.
 */
const spareZeros = <Inputs, Attrs>(
  outputs: readonly Tensor[],
  { rule }: PrimitiveGradient<Inputs, Attrs>,
  attrs: Attrs,
): void => {
  const node = engine().state.activeTape?.at(-1);
  if (node?.outputs[0] !== outputs[0]) return; // nothing is recorded
  node.gradient = ([first, ...others]: readonly (Tensor | null)[]) =>
    rule(
      [first ?? fill(outputs[0].shape, 0), ...others.map((dy) => dy ?? undefined)],
      node.saved ?? [],
      attrs,
    ) as Record<string, () => Tensor>;
};

const kernelFuncOf = <Inputs, Attrs>(
  { name, host, portable }: Primitive<Inputs, Attrs>,
  backendName: string,
): KernelFunc => {
  if (portableOnly === 0 && host && isHostBackend(backendName)) return hostKernelFunc(backendName, host);
  if (!portable) throw new Error(`${name}: backend ${backendName} has no kernel for it`);
  return ({ inputs, attrs }) =>
    tidy(() => portable(inputs as unknown as TensorsOf<Inputs>, attrs as unknown as Attrs));
};

/** More outputs than any primitive has: tfjs wants one flag for each that is saved. */
const everyOutput = new Array<boolean>(256).fill(true);

const gradientConfig = <Inputs, Attrs>(
  kernelName: string,
  gradient: PrimitiveGradient<Inputs, Attrs>,
): GradConfig => ({
  kernelName,
  ...(gradient.saveInputs === 'all' ? { saveAllInputs: true } : { inputsToSave: [...gradient.saveInputs] }),
  ...(gradient.saveOutputs
    ? { outputsToSave: gradient.saveOutputs === 'all' ? everyOutput : [...gradient.saveOutputs] }
    : {}),
  gradFunc: (dy, saved, attrs) =>
    gradient.rule(
      (Array.isArray(dy) ? dy : [dy]) as unknown as OutputGradients,
      saved,
      attrs as unknown as Attrs,
    ) as Record<string, () => Tensor>,
});
