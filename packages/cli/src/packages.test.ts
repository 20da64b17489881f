import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages = join(__dirname, '../../');
const folders = readdirSync(packages).filter((name) => existsSync(join(packages, name, 'package.json')));
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'));

/** Texts of the built files that are published, by the ends of their names. */
const published = (folder: string, ending: string): string[] =>
  (readdirSync(join(packages, folder, 'dist'), { recursive: true }) as string[])
    .filter((name) => name.endsWith(ending) && !/\.test\.|(^|[\\/])testing[\\/]/.test(name))
    .map((name) => readFileSync(join(packages, folder, 'dist', name), 'utf8'));

/** Packages that texts import, by name. */
const imported = (texts: readonly string[]): string[] => {
  const found = texts.flatMap((text) => [
    ...text.matchAll(/(?:^|[\s;{}(])(?:from|import)\s*\(?\s*'([@a-z][^']*)'/g),
  ]);
  const names = found.map(([, path]) => /^(@[^/]+\/)?[^/]+/.exec(path!)![0]);
  return [...new Set(names)].filter((name) => !isBuiltin(name)).sort();
};

describe.each(folders)('%s as it is published', (folder) => {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifestOf(folder);
  const comes = { ...dependencies, ...peerDependencies, ...optionalDependencies };

  it('brings everything that it imports, and its types', () => {
    expect(imported(published(folder, '.js')).filter((name) => !(name in comes))).toEqual([]);
    const typed = imported(published(folder, '.d.ts'));
    expect(typed.filter((name) => !(name in comes))).toEqual([]);
    expect(typed.filter((name) => `@types/${name}` in (devDependencies ?? {}))).toEqual([]);
  });

  it('brings nothing that it has no use for', () => {
    const code = published(folder, '.js').join('\n');
    // What it brings for others' sake: types, and what those that it depends on expect beside them.
    const forOthers = Object.keys(dependencies ?? {}).flatMap((name) =>
      name.startsWith('@nerfseg/')
        ? Object.keys(manifestOf(name.slice('@nerfseg/'.length)).peerDependencies ?? {})
        : [],
    );
    const unused = Object.keys({ ...dependencies, ...optionalDependencies }).filter(
      (name) =>
        !name.startsWith('@types/') &&
        !forOthers.includes(name) &&
        !new RegExp(`['"]${name}['"/]`).test(code),
    );
    expect(unused).toEqual([]);
  });
});
