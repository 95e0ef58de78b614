// Tools out of a JSON file: OpenAI's list of `{type: "function", function: {…}}`, the list inside `{tools: […]}`, or bare functions.
import { z } from 'zod';
import { type Tool, tool } from '../../api/generation.ts';
import { schemaProblem } from '../json-schema/check.ts';

export interface ToolsRead {
  readonly tools: readonly Tool[];
  /** What was left out and why, one line each. */
  readonly problems: readonly string[];
}

/** What chat templates and grammars can name. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

const bare = z.object({
  name: z.string(),
  description: z.string().default(''),
  parameters: z.unknown().optional(),
  /** Anthropic's and MCP's names of the same. */
  input_schema: z.unknown().optional(),
  inputSchema: z.unknown().optional(),
});

/** Never throws: a file that is no JSON gives no tools and says so. */
export function readTools(text: string): ToolsRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      tools: [],
      problems: [`This is not valid JSON: ${error instanceof Error ? error.message : ''}`],
    };
  }
  const list = z.object({ tools: z.array(z.unknown()) }).safeParse(value);
  const entries = list.success ? list.data.tools : Array.isArray(value) ? (value as unknown[]) : [value];
  const tools: Tool[] = [];
  const problems: string[] = [];
  entries.forEach((entry, index) => {
    const wrapped = z.object({ function: z.unknown() }).safeParse(entry);
    const read = bare.safeParse(wrapped.success ? wrapped.data.function : entry);
    if (!read.success) {
      problems.push(`Entry ${index + 1} has no name`);
      return;
    }
    const { name, description, parameters, input_schema: snake, inputSchema: camel } = read.data;
    const made = {
      name,
      description,
      parameters: parameters ?? snake ?? camel ?? { type: 'object', properties: {} },
    };
    const problem = toolProblem(made);
    if (problem !== null) problems.push(`${name || `Entry ${index + 1}`}: ${problem}`);
    else if (tools.some((other) => other.name === name)) problems.push(`${name} is there twice`);
    else tools.push(tool.parse(made));
  });
  return { tools, problems };
}

/** Why a tool cannot be offered to a model; null when it can. */
export function toolProblem({ name, parameters }: Pick<Tool, 'name' | 'parameters'>): string | null {
  if (!NAME.test(name)) return 'names are letters, digits, _, - and ., at most 64, and begin with a letter';
  const schema = z.record(z.string(), z.unknown()).safeParse(parameters);
  if (!schema.success) return 'the parameters are no JSON schema: they have to be an object';
  return schemaProblem(schema.data);
}
