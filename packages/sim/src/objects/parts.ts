import type { BufferGeometry } from 'three';
import {
  BoxGeometry,
  ConeGeometry,
  CylinderGeometry,
  Euler,
  ExtrudeGeometry,
  IcosahedronGeometry,
  Matrix4,
  Quaternion,
  Shape,
  SphereGeometry,
  TorusGeometry,
  Vector3,
} from 'three';
import { type MaterialName, materialId } from '../materials.js';
import { type SemanticName, semanticId } from '../semantics.js';
import type { MeshBuilder } from '../trace/mesh.js';
import { noise3 } from '../trace/noise.js';

export type Rgb = readonly [number, number, number];
type Triple = readonly [number, number, number];

/** A primitive in its object's frame (x forward, y left, z up, origin on the ground), with what it is made of. */
export interface Part {
  readonly geometry: BufferGeometry;
  readonly matrix: Matrix4;
  readonly material: MaterialName;
  readonly color: Rgb;
  /** Where it differs from the object's (a sign's pole, a tree's trunk). */
  readonly semantic?: SemanticName;
}

export interface Look {
  readonly material: MaterialName;
  readonly color: Rgb;
  readonly semantic?: SemanticName;
}

const unitBox = new BoxGeometry(1, 1, 1);
const unitCylinder = new CylinderGeometry(0.5, 0.5, 1, 10).rotateX(Math.PI / 2);
const unitDisc = new CylinderGeometry(0.5, 0.5, 1, 16).rotateX(Math.PI / 2);
const unitCone = new ConeGeometry(0.5, 1, 10).rotateX(Math.PI / 2);
const unitSphere = new SphereGeometry(0.5, 8, 6).rotateX(Math.PI / 2);
/** An icosahedron with its corners pushed in and out, so that crowns look grown. */
const lump = (detail: number, salt: number): BufferGeometry => {
  const geometry = new IcosahedronGeometry(0.5, detail);
  const position = geometry.getAttribute('position');
  for (let i = 0; i < position.count; i++) {
    const [x, y, z] = [position.getX(i), position.getY(i), position.getZ(i)];
    const push = 0.82 + 0.36 * noise3(x * 5 + salt, y * 5, z * 5);
    position.setXYZ(i, x * push, y * push, z * push);
  }
  return geometry;
};
const coarseLumps = [0, 11, 23].map((salt) => lump(1, salt));
const fineLumps = [5, 17].map((salt) => lump(2, salt));

const placed = (at: Triple, size: Triple, turn: Triple): Matrix4 =>
  new Matrix4().compose(
    new Vector3(...at),
    new Quaternion().setFromEuler(new Euler(turn[0], turn[1], turn[2], 'ZYX')),
    new Vector3(...size),
  );

const none: Triple = [0, 0, 0];

/** An axis-aligned box by its centre and size, turned by roll, pitch, yaw (radians). */
export const box = (at: Triple, size: Triple, look: Look, turn: Triple = none): Part => ({
  geometry: unitBox,
  matrix: placed(at, size, turn),
  ...look,
});

/** A box that stands on `at`. */
export const standing = (at: Triple, size: Triple, look: Look, yaw = 0): Part =>
  box([at[0], at[1], at[2] + size[2] / 2], size, look, [0, 0, yaw]);

/** A cylinder along z by its centre, diameters and height. */
export const cylinder = (at: Triple, size: Triple, look: Look, turn: Triple = none): Part => ({
  geometry: unitCylinder,
  matrix: placed(at, size, turn),
  ...look,
});

/** A flat disc facing x, by its centre, diameter and thickness. */
export const disc = (at: Triple, diameter: number, thickness: number, look: Look): Part => ({
  geometry: unitDisc,
  matrix: placed(at, [diameter, diameter, thickness], [0, Math.PI / 2, 0]),
  ...look,
});

/** A wheel in the x-z plane: a disc facing y. */
export const wheel = (at: Triple, diameter: number, width: number, look: Look): Part => ({
  geometry: unitDisc,
  matrix: placed(at, [diameter, diameter, width], [Math.PI / 2, 0, 0]),
  ...look,
});

export const cone = (at: Triple, size: Triple, look: Look): Part => ({
  geometry: unitCone,
  matrix: placed(at, size, none),
  ...look,
});

export const sphere = (at: Triple, size: Triple, look: Look, turn: Triple = none): Part => ({
  geometry: unitSphere,
  matrix: placed(at, size, turn),
  ...look,
});

/** A lumpy ball, for crowns: finely made if it is to be large. */
export const blob = (at: Triple, size: Triple, look: Look, turn: Triple = none, fine = false): Part => {
  const shapes = fine ? fineLumps : coarseLumps;
  return {
    geometry: shapes[Math.floor(Math.abs(turn[2]) * 100) % shapes.length],
    matrix: placed(at, size, turn),
    ...look,
  };
};

/** A ring in the x-z plane (a bicycle's tyre). */
export const ring = (at: Triple, diameter: number, thickness: number, look: Look): Part => ({
  geometry: new TorusGeometry(diameter / 2, thickness / 2, 5, 16).rotateX(Math.PI / 2),
  matrix: placed(at, [1, 1, 1], none),
  ...look,
});

/** A round bar between two points. */
export const bar = (from: Triple, to: Triple, diameter: number, look: Look): Part => {
  const a = new Vector3(...from);
  const b = new Vector3(...to);
  const direction = b.clone().sub(a);
  const length = direction.length();
  const turn = new Quaternion().setFromUnitVectors(new Vector3(0, 0, 1), direction.normalize());
  const middle = a.add(b).multiplyScalar(0.5);
  return {
    geometry: unitCylinder,
    matrix: new Matrix4().compose(middle, turn, new Vector3(diameter, diameter, length)),
    ...look,
  };
};

/** A side profile (x, z corners) extruded along y to a width, centred at y = 0. */
export const profile = (corners: readonly (readonly [number, number])[], width: number, look: Look): Part => {
  const shape = new Shape();
  corners.forEach(([x, z], i) => {
    if (i === 0) shape.moveTo(x, z);
    else shape.lineTo(x, z);
  });
  const geometry = new ExtrudeGeometry(shape, { depth: width, bevelEnabled: false });
  geometry.translate(0, 0, -width / 2).rotateX(Math.PI / 2);
  return { geometry, matrix: new Matrix4(), ...look };
};

/** The same part elsewhere. */
export const moved = (part: Part, matrix: Matrix4): Part => ({
  ...part,
  matrix: matrix.clone().multiply(part.matrix),
});

/** Adds an object's parts to a mesh at a pose. */
export const bake = (
  builder: MeshBuilder,
  parts: readonly Part[],
  pose: Matrix4,
  semantic: SemanticName,
  object: number,
): void => {
  const matrix = new Matrix4();
  for (const part of parts) {
    builder.add(part.geometry, matrix.multiplyMatrices(pose, part.matrix), {
      material: materialId[part.material],
      color: part.color,
      semantic: semanticId[part.semantic ?? semantic],
      object,
    });
  }
};
