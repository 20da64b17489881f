import type { BufferGeometry, Matrix4 } from 'three';
import { Matrix3, Vector3 } from 'three';

/** A triangle soup with what each triangle is made of and what it is. */
export interface Mesh {
  readonly count: number;
  /** [T*9] metres. */
  readonly positions: Float32Array;
  /** [T*9] unit normals per corner. */
  readonly normals: Float32Array;
  /** [T*3] linear RGB 0..1. */
  readonly colors: Float32Array;
  /** [T] material ids (`materials.ts`). */
  readonly material: Uint8Array;
  /** [T] semantic ids (`semantics.ts`). */
  readonly semantic: Uint8Array;
  /** [T] which object of the world the triangle belongs to; 0 = ground and scenery. */
  readonly object: Uint16Array;
}

/** What a part of an object looks like and is. */
export interface Surface {
  readonly material: number;
  /** sRGB 0..255. */
  readonly color: readonly [number, number, number];
  readonly semantic: number;
  readonly object: number;
}

/** Collects geometries into one {@link Mesh}. */
export interface MeshBuilder {
  add(geometry: BufferGeometry, matrix: Matrix4, surface: Surface): void;
  /** A flat quadrilateral a, b, c, d (counter-clockwise seen from its front), 12 coordinates. */
  quad(corners: readonly number[], surface: Surface): void;
  build(): Mesh;
}

/** sRGB 0..255 to linear 0..1. */
export const linear = (value: number): number => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};

/** Arrays that double when they are full. */
const createStore = () => {
  let positions = new Float32Array(9 * 1024);
  let normals = new Float32Array(9 * 1024);
  let colors = new Float32Array(3 * 1024);
  let material = new Uint8Array(1024);
  let semantic = new Uint8Array(1024);
  let object = new Uint16Array(1024);
  let count = 0;
  const grown = <T extends Float32Array | Uint8Array | Uint16Array>(array: T, empty: T): T => {
    empty.set(array);
    return empty;
  };
  return {
    corner: (k: number, x: number, y: number, z: number, nx: number, ny: number, nz: number): void => {
      const at = count * 9 + k * 3;
      positions[at] = x;
      positions[at + 1] = y;
      positions[at + 2] = z;
      normals[at] = nx;
      normals[at + 1] = ny;
      normals[at + 2] = nz;
    },
    finish: (surface: Surface, color: readonly number[]): void => {
      for (let k = 0; k < 3; k++) colors[count * 3 + k] = color[k];
      material[count] = surface.material;
      semantic[count] = surface.semantic;
      object[count] = surface.object;
      if (++count < material.length) return;
      positions = grown(positions, new Float32Array(positions.length * 2));
      normals = grown(normals, new Float32Array(normals.length * 2));
      colors = grown(colors, new Float32Array(colors.length * 2));
      material = grown(material, new Uint8Array(material.length * 2));
      semantic = grown(semantic, new Uint8Array(semantic.length * 2));
      object = grown(object, new Uint16Array(object.length * 2));
    },
    mesh: (): Mesh => ({
      count,
      positions: positions.slice(0, count * 9),
      normals: normals.slice(0, count * 9),
      colors: colors.slice(0, count * 3),
      material: material.slice(0, count),
      semantic: semantic.slice(0, count),
      object: object.slice(0, count),
    }),
  };
};

export const createMeshBuilder = (): MeshBuilder => {
  const store = createStore();
  const point = new Vector3();
  const direction = new Vector3();
  const normalMatrix = new Matrix3();
  return {
    add: (geometry, matrix, surface) => {
      const position = geometry.getAttribute('position').array;
      const normal = geometry.getAttribute('normal').array;
      const index = geometry.getIndex()?.array;
      const color = surface.color.map(linear);
      normalMatrix.getNormalMatrix(matrix);
      const corners = index ? index.length : position.length / 3;
      for (let i = 0; i < corners; i++) {
        const vertex = index ? index[i] : i;
        point.fromArray(position, vertex * 3).applyMatrix4(matrix);
        direction
          .fromArray(normal, vertex * 3)
          .applyMatrix3(normalMatrix)
          .normalize();
        store.corner(i % 3, point.x, point.y, point.z, direction.x, direction.y, direction.z);
        if (i % 3 === 2) store.finish(surface, color);
      }
    },
    quad: (p, surface) => {
      const [ux, uy, uz] = [p[3] - p[0], p[4] - p[1], p[5] - p[2]];
      const [vx, vy, vz] = [p[9] - p[0], p[10] - p[1], p[11] - p[2]];
      direction.set(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx).normalize();
      const color = surface.color.map(linear);
      quadCorners.forEach((from, i) => {
        const at = from * 3;
        store.corner(i % 3, p[at], p[at + 1], p[at + 2], direction.x, direction.y, direction.z);
        if (i % 3 === 2) store.finish(surface, color);
      });
    },
    build: store.mesh,
  };
};

const quadCorners = [0, 1, 2, 0, 2, 3];
