/** The object without the keys whose value is undefined: over another one they would take its values away. */
export function defined<Shape extends object>(shape: Shape): { [Key in keyof Shape]: Exclude<Shape[Key], undefined> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as ReturnType<typeof defined<Shape>>;
}
