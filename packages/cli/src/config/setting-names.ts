import { z } from 'zod';

/** A setting, as documentation shows it. */
export interface SettingDescription {
  /** With its groups: `training.learningRate`. */
  readonly name: string;
  readonly type: string;
  /** As YAML; absent where there is none. */
  readonly default?: string;
  readonly what: string;
}

interface Described {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly prefixItems?: readonly Described[];
  readonly items?: Described;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every setting of a schema of nested records, in its order. */
export function settingsOf(schema: z.ZodType): SettingDescription[] {
  const found: SettingDescription[] = [];
  const walk = (group: string, { properties = {} }: Described): void => {
    for (const [key, below] of Object.entries(properties)) {
      const name = group === '' ? key : `${group}.${key}`;
      if (below.properties) walk(name, below);
      else
        found.push({
          name,
          type: typeOf(below),
          ...(below.default === undefined ? {} : { default: shown(below.default) }),
          what: below.description ?? '',
        });
    }
  };
  walk('', z.toJSONSchema(schema, { io: 'input' }) as Described);
  return found;
}

/** Names alone, groups included: what a misspelt name is compared to. */
export const settingNames = (schema: z.ZodType): string[] => {
  const names = settingsOf(schema).map(({ name }) => name);
  return [...new Set(names.flatMap((name) => [name, ...(name.includes('.') ? [name.split('.')[0]!] : [])]))];
};

const shown = (value: unknown): string =>
  typeof value === 'number'
    ? String(Math.round(value * 1e4) / 1e4)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

function typeOf({
  type,
  enum: values,
  minimum,
  maximum,
  exclusiveMinimum,
  prefixItems,
  items,
}: Described): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (prefixItems) return `${prefixItems.length} ${plural(prefixItems[0]!)}`;
  if (type === 'array') return `list of ${plural(items ?? {})}`;
  if (type !== 'number' && type !== 'integer') return type === 'boolean' ? 'true or false' : (type ?? 'any');
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (exclusiveMinimum === 0) return type === 'integer' ? 'whole number from 1' : 'number above 0';
  if (minimum !== undefined && maximum !== undefined && maximum < 1e9)
    return `${kind} from ${minimum} to ${maximum}`;
  return minimum !== undefined && minimum > -1e9 ? `${kind} from ${minimum}` : kind;
}

const plural = (described: Described): string => typeOf(described).replace(/number\b/, 'numbers');
