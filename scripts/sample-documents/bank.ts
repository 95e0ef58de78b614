// The shape of one language's sentence bank. `{product}`, `{city}`, `{name}`, `{number}`, `{price}`, `{percent}` and `{year}`
// are filled in when a document is composed.

export interface Topic {
  readonly title: string;
  /** A definition first, then explanations in an order that can be read. */
  readonly sentences: readonly string[];
  readonly example: string;
  readonly question: string;
}

export interface LanguageBank {
  readonly language: string;
  readonly script: string;
  readonly labels: {
    readonly lesson: string;
    readonly example: string;
    readonly questions: string;
    readonly summary: string;
    readonly ingredients: string;
    readonly steps: string;
  };
  readonly topics: readonly Topic[];
  readonly advertisement: readonly string[];
  readonly navigation: readonly string[];
  readonly forumPosts: readonly string[];
  readonly recipeTitles: readonly string[];
  readonly recipeIngredients: readonly string[];
  readonly recipeSteps: readonly string[];
  readonly news: readonly string[];
  readonly products: readonly string[];
  readonly cities: readonly string[];
  readonly names: readonly string[];
}
