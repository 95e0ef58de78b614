// What a person gave to a recipe.

export type ParameterValue = string | number | boolean;
/** By name of the parameter. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
