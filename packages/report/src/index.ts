/** Results: the schema, statistics, Markdown and tables. */
export * from './schema.ts';
