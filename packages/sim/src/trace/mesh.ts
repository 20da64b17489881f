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

export const createMeshBuilder = (): MeshBuilder => {
  const positions: number[] = [];
  const normals: number[] = [];
  const colors: number[] = [];
  const material: number[] = [];
  const semantic: number[] = [];
  const object: number[] = [];
  const point = new Vector3();
  const normalMatrix = new Matrix3();

  const describe = (surface: Surface): void => {
    colors.push(linear(surface.color[0]), linear(surface.color[1]), linear(surface.color[2]));
    material.push(surface.material);
    semantic.push(surface.semantic);
    object.push(surface.object);
  };

  return {
    add: (geometry, matrix, surface) => {
      const position = geometry.getAttribute('position');
      const normal = geometry.getAttribute('normal');
      const index = geometry.getIndex();
      normalMatrix.getNormalMatrix(matrix);
      const corners = index ? index.count : position.count;
      for (let i = 0; i < corners; i++) {
        const vertex = index ? index.getX(i) : i;
        point.fromBufferAttribute(position, vertex).applyMatrix4(matrix);
        positions.push(point.x, point.y, point.z);
        point.fromBufferAttribute(normal, vertex).applyMatrix3(normalMatrix).normalize();
        normals.push(point.x, point.y, point.z);
        if (i % 3 === 2) describe(surface);
      }
    },
    quad: (p, surface) => {
      const ux = p[3] - p[0];
      const uy = p[4] - p[1];
      const uz = p[5] - p[2];
      const vx = p[9] - p[0];
      const vy = p[10] - p[1];
      const vz = p[11] - p[2];
      const nx = uy * vz - uz * vy;
      const ny = uz * vx - ux * vz;
      const nz = ux * vy - uy * vx;
      const length = Math.hypot(nx, ny, nz) || 1;
      for (const corner of [0, 1, 2, 0, 2, 3]) {
        positions.push(p[corner * 3], p[corner * 3 + 1], p[corner * 3 + 2]);
        normals.push(nx / length, ny / length, nz / length);
      }
      describe(surface);
      describe(surface);
    },
    build: () => ({
      count: material.length,
      positions: Float32Array.from(positions),
      normals: Float32Array.from(normals),
      colors: Float32Array.from(colors),
      material: Uint8Array.from(material),
      semantic: Uint8Array.from(semantic),
      object: Uint16Array.from(object),
    }),
  };
};
