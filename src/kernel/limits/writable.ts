/** An event while it is filled in. */
export type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };
