// The form beside the text: groups of fields with their values, taken from the schema and the parsed document.
// Exports: formModel, attachFindings and their types. Knows no widgets; edits go through edit.ts with a field's path.
import { defaultText } from './json-schema.ts';
import { nodeAt, printKeyPath } from './lookup.ts';
import { bestOption } from './schema/field-at.ts';
import { schemaForKind } from './schema/for-kind.ts';
import type { ObjectSchema, SchemaField, ValueType } from './schema/types.ts';
import type { ConfigDocument, ConfigKind, ConfigNode, Finding, KeyPath } from './types.ts';

export interface FormField {
  /** `printKeyPath(path)`: unique in the form, usable as an id. */
  readonly id: string;
  readonly path: KeyPath;
  readonly key: string;
  readonly label: string;
  readonly doc: string;
  readonly unit: string | null;
  /** The type that applies now; a union is decided by the value, and offers its options in `choices`. */
  readonly type: ValueType;
  /** All forms the value may have, when the schema allows several. */
  readonly choices: readonly ValueType[];
  readonly required: boolean;
  readonly nullable: boolean;
  readonly advanced: boolean;
  readonly noEffect: string | null;
  /** The default in words or as YAML writes it; null when there is none. */
  readonly defaultText: string | null;
  /** The node in the text; null when the key is not there. */
  readonly node: ConfigNode | null;
  readonly isSet: boolean;
}

export interface FormGroup {
  readonly id: string;
  readonly path: KeyPath;
  readonly label: string;
  readonly doc: string;
  readonly advanced: boolean;
  /** False when the section is not in the text; setting any of its fields creates it. */
  readonly present: boolean;
  readonly fields: readonly FormField[];
  /** Sections inside this one, and the items of lists of sections, such as data stages. */
  readonly groups: readonly FormGroup[];
  /** Set for a list of sections: items are added with insertListItem at this path and index. */
  readonly addItem: { readonly path: KeyPath; readonly index: number; readonly item: ObjectSchema } | null;
}

export interface FormModel {
  readonly kind: ConfigKind;
  readonly title: string;
  readonly source: string;
  readonly groups: readonly FormGroup[];
}

/** The form of a document; null for a kind without a schema. Cheap enough to build on every edit (under 2 ms). */
export function formModel(document: ConfigDocument, kind: ConfigKind): FormModel | null {
  const schema = schemaForKind(kind);
  if (schema === null) return null;
  const root = nodeOrNull(document.root, []);
  const top = sectionGroup({ object: schema.root, label: schema.title, advanced: false }, [], root);
  const flat = groupByHeading(top.fields, schema.root);
  return { kind, title: schema.title, source: schema.source, groups: [...flat, ...top.groups] };
}

const nodeOrNull = (root: ConfigNode | null, path: KeyPath) => nodeAt(root, path) ?? null;

interface Section {
  readonly object: ObjectSchema;
  readonly label: string;
  readonly advanced: boolean;
}

function sectionGroup(section: Section, path: KeyPath, node: ConfigNode | null): FormGroup {
  const fields: FormField[] = [];
  const groups: FormGroup[] = [];
  for (const [key, field] of Object.entries(section.object.fields)) {
    const childPath = [...path, key];
    const child = nodeOrNull(node, [key]);
    const type = decided(field.type, child);
    const label = field.label;
    const advanced = field.advanced === true;
    if (type.kind === 'object' && !isScalarNonNull(child)) {
      groups.push(sectionGroup({ object: type.object, label, advanced }, childPath, child));
    } else if (type.kind === 'list' && type.item.kind === 'object' && !isScalarNonNull(child)) {
      groups.push(listGroup({ object: type.item.object, label, advanced }, field, childPath, child));
    } else fields.push(formField(field, type, childPath, child));
  }
  return {
    id: printKeyPath(path),
    path,
    label: section.label,
    doc: section.object.doc,
    advanced: section.advanced,
    present: node?.kind === 'map',
    fields,
    groups,
    addItem: null,
  };
}

const isScalarNonNull = (node: ConfigNode | null) => node?.kind === 'scalar' && node.value !== null;

function listGroup(section: Section, field: SchemaField, path: KeyPath, node: ConfigNode | null): FormGroup {
  const items = node?.kind === 'list' ? node.items : [];
  const groups = items.map((item, index) => {
    const name = nodeOrNull(item, ['name']) ?? nodeOrNull(item, ['path']);
    const title =
      name?.kind === 'scalar' && typeof name.value === 'string'
        ? name.value
        : `${section.object.name} ${index + 1}`;
    return sectionGroup({ ...section, label: title }, [...path, index], item);
  });
  return {
    id: printKeyPath(path),
    path,
    label: section.label,
    doc: field.doc,
    advanced: section.advanced,
    present: node?.kind === 'list',
    fields: [],
    groups,
    addItem: { path, index: items.length, item: section.object },
  };
}

function decided(type: ValueType, node: ConfigNode | null): ValueType {
  if (type.kind !== 'union') return type;
  const isEmpty = node === null || (node.kind === 'scalar' && node.value === null);
  return bestOption(type.options, isEmpty ? undefined : node) ?? type;
}

function formField(field: SchemaField, type: ValueType, path: KeyPath, node: ConfigNode | null): FormField {
  return {
    id: printKeyPath(path),
    path,
    key: String(path.at(-1)),
    label: field.label,
    doc: field.doc,
    unit: field.unit ?? null,
    type,
    choices: field.type.kind === 'union' ? field.type.options : [],
    required: field.required === true,
    nullable: field.nullable === true,
    advanced: field.advanced === true,
    noEffect: field.noEffect ?? null,
    defaultText: defaultText(field),
    node,
    isSet: node !== null,
  };
}

/** Flat files (TRL, Axolotl) have headings instead of sections: one group per heading, in the order of the schema. */
function groupByHeading(fields: readonly FormField[], object: ObjectSchema): readonly FormGroup[] {
  const byHeading = new Map<string, FormField[]>();
  for (const field of fields) {
    const heading = object.fields[field.key]?.group ?? 'General';
    const list = byHeading.get(heading) ?? [];
    list.push(field);
    byHeading.set(heading, list);
  }
  return [...byHeading].map(([label, members]) => ({
    id: `heading:${label}`,
    path: [],
    label,
    doc: '',
    advanced: false,
    present: members.some((member) => member.isSet),
    fields: members,
    groups: [],
    addItem: null,
  }));
}

/**
 * Findings by the id of the form field or group they belong to: the field itself, else the nearest group above it.
 * Findings without a path (syntax errors) are under ''.
 */
export function attachFindings(
  model: FormModel,
  findings: readonly Finding[],
): ReadonlyMap<string, readonly Finding[]> {
  const ids = new Set<string>();
  const collect = (group: FormGroup): void => {
    ids.add(group.id);
    for (const field of group.fields) ids.add(field.id);
    group.groups.forEach(collect);
  };
  model.groups.forEach(collect);
  const attached = new Map<string, Finding[]>();
  for (const finding of findings) {
    let length = finding.path.length;
    while (length > 0 && !ids.has(printKeyPath(finding.path.slice(0, length)))) length -= 1;
    const id = printKeyPath(finding.path.slice(0, length));
    const list = attached.get(id) ?? [];
    list.push(finding);
    attached.set(id, list);
  }
  return attached;
}
