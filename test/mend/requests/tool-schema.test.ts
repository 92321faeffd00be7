import { describe, expect, it } from "vitest";
import { mendToolSchemas } from "../../../src/mend/requests/tool-schema.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { JsonSchema } from "../../../src/model/request.ts";
import { request } from "../walk.ts";

const mended = (parameters: JsonSchema, toolSchema?: Quirks["toolSchema"]) => {
  const input = request([], { tools: [{ type: "function", name: "t", parameters }] });
  const [tool] = mendToolSchemas(input, toolSchema === undefined ? {} : { toolSchema }).tools;
  return tool?.type === "function" ? tool.parameters : undefined;
};
const object = (properties: JsonSchema, more: JsonSchema = {}) => ({ type: "object", properties, ...more });
/** Names that are keywords elsewhere. */
const named = object(
  {
    format: { type: "string" },
    const: { type: "integer" },
    $schema: { type: "string" },
    title: { type: "string" },
    not: { type: "string" },
  },
  { required: ["format", "const"] },
);

describe("tool parameters", () => {
  it.each<readonly [string, JsonSchema, JsonSchema]>([
    ["nothing", {}, object({})],
    ["no properties", { type: "object" }, object({})],
    ["null for a type", { type: null, properties: null }, object({})],
    [
      "null for other keywords",
      object({ a: { type: null, enum: null, default: null }, b: { const: null } }, { required: null }),
      object({ a: { default: null }, b: { const: null } }),
    ],
    ["an array without items", object({ a: { type: "array" } }), object({ a: { type: "array", items: {} } })],
    [
      "flags of the first drafts",
      object({
        a: { type: "string", required: true },
        b: { type: "integer", minimum: 0, exclusiveMinimum: true },
        c: { type: "integer", maximum: 9, exclusiveMaximum: false },
      }),
      object({
        a: { type: "string" },
        b: { type: "integer", minimum: 0, exclusiveMinimum: 0 },
        c: { type: "integer", maximum: 9 },
      }),
    ],
    [
      "the mark of an argument that OpenAI encrypts, but not an argument of its name",
      object({ encrypted: { type: "boolean" }, message: { type: "string", encrypted: true } }, { required: ["message"] }),
      object({ encrypted: { type: "boolean" }, message: { type: "string" } }, { required: ["message"] }),
    ],
    [
      "a union at the root",
      { anyOf: [object({ a: {}, b: {} }, { required: ["a", "b"] }), object({ a: {}, c: {} }, { required: ["a"] })] },
      object({ a: {}, b: {}, c: {} }, { required: ["a"] }),
    ],
    [
      "a union at the root with names that every object has",
      {
        anyOf: [
          object({ constructor: {}, toString: {} }, { required: ["constructor"] }),
          object({ constructor: {} }, { required: ["constructor"] }),
        ],
      },
      object({ constructor: {}, toString: {} }, { required: ["constructor"] }),
    ],
    [
      "all of several at the root",
      { allOf: [object({ a: {} }, { required: ["a"] }), object({ b: {} }, { required: ["b"] })] },
      object({ a: {}, b: {} }, { required: ["a", "b"] }),
    ],
    [
      "a reference at the root",
      { $schema: "s", $ref: "#/definitions/R", definitions: { R: object({ a: { $ref: "#/definitions/A" } }, { required: ["a"] }), A: {} } },
      object(
        { a: { $ref: "#/definitions/A" } },
        {
          $schema: "s",
          required: ["a"],
          definitions: { R: object({ a: { $ref: "#/definitions/A" } }, { required: ["a"] }), A: {} },
        },
      ),
    ],
    [
      "a reference at the root, by way of another, with properties beside it",
      { $ref: "#/$defs/Q", $defs: { Q: { $ref: "#/$defs/R" }, R: object({ a: {} }) }, properties: { b: {} } },
      object({ a: {}, b: {} }, { $defs: { Q: { $ref: "#/$defs/R" }, R: object({ a: {} }) } }),
    ],
    ["a reference at the root that leads nowhere", { $ref: "#/$defs/%" }, object({})],
    ["a reference at the root that leads to itself", { $ref: "#", properties: { a: {} } }, object({ a: {} })],
    [
      "a tuple of numbers, as the SDK of MCP writes it",
      object({ a: { type: "array", items: [{ type: "integer" }, { type: "integer" }], minItems: 2, maxItems: 2 } }),
      object({ a: { type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2 } }),
    ],
    [
      "a tuple of several types, as Pydantic writes it, and what may follow it",
      object({
        a: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], minItems: 2 },
        b: { type: "array", items: [{ type: "string" }], additionalItems: { type: "number" } },
      }),
      object({
        a: {
          type: "array",
          items: { anyOf: [{ type: "string" }, { type: "integer" }] },
          minItems: 2,
          description: 'in this order: {"type":"string"}, {"type":"integer"}',
        },
        b: { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] }, minItems: 1 },
      }),
    ],
    [
      "a tuple whose length stands nowhere else",
      object({
        a: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false },
        b: { type: "array", items: [{ type: "number" }, { type: "number" }], additionalItems: false, minItems: 1, description: "d" },
        c: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }] },
      }),
      object({
        a: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
        b: { type: "array", items: { type: "number" }, minItems: 1, maxItems: 2, description: "d" },
        c: { type: "array", items: { type: "number" }, minItems: 2 },
      }),
    ],
    [
      "a tuple of so much that saying it again would be the larger part",
      object({ a: { type: "array", items: [{ type: "string", description: "d".repeat(500) }, { type: "integer" }] } }),
      object({
        a: { type: "array", items: { anyOf: [{ type: "string", description: "d".repeat(500) }, { type: "integer" }] }, minItems: 2 },
      }),
    ],
    [
      "a reference to a place of a tuple, as zod writes what stands twice",
      object({
        a: { type: "array", items: [{ type: "number" }, { $ref: "#/properties/a/items/0" }] },
        b: { $ref: "#/properties/a/items/0" },
      }),
      object({ a: { type: "array", items: { type: "number" }, minItems: 2 }, b: { type: "number" } }),
    ],
    [
      "a tuple that says nothing",
      object({ a: { type: "array", items: [] }, b: { type: "array", items: [true, { type: "string" }] } }),
      object({
        a: { type: "array", items: {} },
        b: {
          type: "array",
          items: { anyOf: [{}, { type: "string" }] },
          minItems: 2,
          description: 'in this order: {}, {"type":"string"}',
        },
      }),
    ],
    [
      "types of other languages",
      object({
        a: { type: "STRING" },
        b: { type: "float", description: "d" },
        c: { type: ["Int", "null", "long"] },
        d: { type: "date", description: "d" },
        e: { type: ["any"] },
        n: { type: ["date", "null"] },
        f: { type: { type: "string" } },
        type: { type: "list" },
      }),
      object({
        a: { type: "string" },
        b: { type: "number", description: "d" },
        c: { type: ["integer", "null"] },
        d: { description: "d" },
        e: {},
        n: {},
        f: {},
        type: { type: "array", items: {} },
      }),
    ],
    [
      "properties that are no schemas",
      object({ path: { type: "string" }, any: true, a: null, b: [], type: "object" }, { required: ["path"] }),
      object({ path: { type: "string" }, any: true, a: {}, b: {} }, { required: ["path"] }),
    ],
    [
      "lists for objects that are empty, as PHP writes them",
      { type: "object", properties: [], additionalProperties: [] },
      object({}, { additionalProperties: {} }),
    ],
    [
      "the same within",
      object({ a: { type: "object", properties: [], required: [] }, b: { type: "array", items: [] } }),
      object({ a: object({}, { required: [] }), b: { type: "array", items: {} } }),
    ],
    [
      "names and values given twice, and none",
      object(
        { a: { enum: ["x", "x", 1, "1", null] }, b: { type: "string", enum: [] }, enum: object({}, { required: "a" }) },
        { required: ["a", "b", "a", 3] },
      ),
      object({ a: { enum: ["x", 1, "1", null] }, b: { type: "string" }, enum: object({}) }, { required: ["a", "b"] }),
    ],
    [
      "patterns that Python cannot read",
      object({
        // Claude Code's Artifact tool.
        field: { type: "string", pattern: '^(?!__.*__$)[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}"\\\\./[\\]]{1,200}$' },
        collection: { type: "string", pattern: "^(?!__.*__$)[^/]{1,200}$" },
        pattern: { type: "object", patternProperties: { "^(?<key>x)$": {}, "^x-": { pattern: "[\\w-.]+" } } },
      }),
      object({
        field: { type: "string" },
        collection: { type: "string", pattern: "^(?!__.*__$)[^/]{1,200}$" },
        pattern: { type: "object", patternProperties: { "^x-": {} } },
      }),
    ],
    [
      "everything else stays",
      object({ a: { const: 1, format: "uri", $comment: "x" } }, { $schema: "s" }),
      object({ a: { const: 1, format: "uri", $comment: "x" } }, { $schema: "s" }),
    ],
  ])("for every server: %s", (_, input, expected) => {
    expect(mended(input)).toEqual(expected);
  });

  it.each(["plain", "boundless", "gemini", "moonshot", "no-meta", undefined] as const)(
    "%s: properties may be named like keywords",
    (reduction) => {
      expect(mended(named, reduction)).toEqual(named);
    },
  );

  it.each<readonly [string, JsonSchema, JsonSchema]>([
    ["meta keywords", { $schema: "s", $id: "i", type: "string", additionalProperties: false }, { type: "string" }],
    ["a choice with no schema in it", { anyOf: [true], oneOf: [], description: "d" }, { type: "string", description: "d" }],
    ["a constant", { const: "x" }, { type: "string", enum: ["x"] }],
    ["a number's constant", { const: 3 }, { type: "number", description: "one of: 3" }],
    [
      "a number's choices",
      { type: "integer", enum: [1, 2], description: "How many" },
      { type: "integer", description: "How many (one of: 1, 2)" },
    ],
    ["an empty choice", { type: "string", enum: ["", "a"] }, { type: "string", enum: ["a"] }],
    ["a null branch", { anyOf: [{ type: "string" }, { type: "null" }] }, { type: "string", nullable: true }],
    ["nothing but null", { anyOf: [{ type: "null" }] }, { type: "string", nullable: true }],
    [
      "all of several",
      {
        allOf: [object({ b: { type: "string" } }, { required: ["b"] }), { properties: { c: {} } }],
        properties: { d: {} },
        required: ["d"],
      },
      object({ d: { type: "string" }, b: { type: "string" }, c: { type: "string" } }, { required: ["d", "b"] }),
    ],
    ["two types", { type: ["string", "null"] }, { type: "string", nullable: true }],
    ["two real types", { type: ["string", "integer"] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
    ["one of", { oneOf: [{ type: "string" }, { type: "integer" }] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
    ["an open bound", { type: "integer", exclusiveMinimum: 0 }, { type: "integer", minimum: 0, description: "more than 0" }],
    ["an open bound above", { type: "integer", exclusiveMaximum: 9 }, { type: "integer", maximum: 9, description: "less than 9" }],
    ["a format it has not", { type: "string", format: "uri" }, { type: "string", description: "format: uri" }],
    ["a format it has", { type: "string", format: "date-time" }, { type: "string", format: "date-time" }],
    ["an array of anything", { type: "array" }, { type: "array", items: { type: "string" } }],
    [
      "a tuple of one type",
      { type: "array", items: [{ type: "integer" }, { type: "integer" }], minItems: 2, maxItems: 2 },
      { type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2 },
    ],
    [
      "a tuple of several",
      { type: "array", prefixItems: [{ type: "string" }, { const: "eq" }, { type: "string" }, {}], items: false },
      {
        type: "array",
        items: { anyOf: [{ type: "string" }, { type: "string", enum: ["eq"] }] },
        minItems: 4,
        maxItems: 4,
        description: 'in this order: {"type":"string"}, {"const":"eq"}, {"type":"string"}, {}',
      },
    ],
    [
      "a tuple and what may follow it",
      { type: "array", prefixItems: [{ type: "string" }], items: { type: "number" } },
      { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] }, minItems: 1 },
    ],
    [
      "a list or a text",
      { type: ["string", "array"], items: { type: "integer" }, maxItems: 3 },
      { anyOf: [{ type: "string" }, { type: "array", items: { type: "integer" }, maxItems: 3 }] },
    ],
    [
      "a list or a text, of anything",
      { type: ["array", "string"] },
      { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] },
    ],
    [
      "a list of what has no type",
      { type: "array", items: { description: "d" } },
      { type: "array", items: { type: "string", description: "d" } },
    ],
    [
      "a list with what only an object has",
      { type: "array", items: {}, properties: {}, required: ["x"] },
      { type: "array", items: { type: "string" } },
    ],
    ["names that nothing has", { type: "array", items: { type: "object", required: ["x"] } }, { type: "array", items: { type: "object" } }],
    [
      "one or another name",
      object({ b: { type: "string" }, c: { type: "string" } }, { anyOf: [{ required: ["b"] }, { required: ["c"] }] }),
      object({ b: { type: "string" }, c: { type: "string" } }),
    ],
    [
      "names that all of several ask for",
      object({ b: { type: "string" } }, { allOf: [{ required: ["b"] }] }),
      object({ b: { type: "string" } }, { required: ["b"] }),
    ],
    ["a switch's constant", { const: true }, { type: "boolean", description: "one of: true" }],
    [
      "names of properties",
      { type: "object", propertyNames: { type: "string" }, additionalProperties: {}, properties: {} },
      { type: "object", properties: {} },
    ],
  ])("gemini: %s", (_, input, expected) => {
    expect(mended(object({ a: input }), "gemini")).toEqual(object({ a: expected }));
  });

  it.each(["gemini", "plain"] as const)("%s: references are inlined, cycles cut", (reduction) => {
    const out = mended(
      object({ a: { $ref: "#/$defs/Node" } }, { $defs: { Node: object({ next: { $ref: "#/$defs/Node" }, id: { type: "string" } }) } }),
      reduction,
    );
    expect(JSON.stringify(out)).not.toContain("$");
    expect(out).toMatchObject(object({ a: object({ next: { type: "object" }, id: { type: "string" } }) }));
  });

  it("plain: definitions go where they stood beside a property too", () => {
    const a = { ...object({ b: { $ref: "#/properties/a/$defs/B" } }), $defs: { B: { type: "string" } } };
    expect(mended(object({ a }), "plain")).toEqual(object({ a: object({ b: { type: "string" } }) }));
  });

  it.each([
    [undefined, "^\\p{L}+$", { type: "object", patternProperties: {} }],
    [undefined, "^[a-z]+$", { type: "object", patternProperties: { "^[a-z]+$": { type: "string" } }, additionalProperties: false }],
    ["plain", "^[a-z]+$", { type: "object" }],
  ] as const)("%s: an object that is closed but for names of a pattern stays open to them: %s", (reduction, name, expected) => {
    const a = { type: "object", patternProperties: { [name]: { type: "string" } }, additionalProperties: false };
    expect(mended(object({ a }), reduction)).toEqual(object({ a: expected }));
  });

  it.each(["gemini", "plain"] as const)("%s: a reference into a list of schemas is inlined", (reduction) => {
    const a = { anyOf: [{ type: "string" }, { type: "integer" }] };
    expect(mended(object({ a, b: { $ref: "#/properties/a/anyOf/1" } }), reduction)).toEqual(object({ a, b: { type: "integer" } }));
  });

  it("has no references that lead nowhere or to another document, and keeps what stands beside one", () => {
    const definitions = { $defs: { A: { type: "string" }, B: true }, anchored: { $anchor: "c" } };
    const kept = {
      a: { $ref: "#/$defs/A" },
      b: { $ref: "#/$defs/B" },
      c: { $ref: "#c" },
      self: { $ref: "#" },
      place: { $ref: "#/properties/a" },
      $ref: { type: "string" },
    };
    const loose = {
      gone: { $ref: "#/$defs/Gone", description: "a theme" },
      list: { type: "array", items: { $ref: "#/definitions/Gone" } },
      outside: { anyOf: [{ $ref: "https://example.com/schema.json#/definitions/X" }, { type: "null" }] },
      beside: { $ref: "other.json" },
    };
    const expected = {
      gone: { description: "a theme" },
      list: { type: "array", items: {} },
      outside: { anyOf: [{}, { type: "null" }] },
      beside: {},
    };
    expect(mended(object({ ...kept, ...loose }, definitions))).toEqual(object({ ...kept, ...expected }, definitions));
  });

  it("keeps what a reference into a branch of the root's union said, where the branches become one object", () => {
    const union = {
      anyOf: [object({ a: { type: "string", enum: ["x"] } }), object({ b: { $ref: "#/anyOf/0/properties/a" } })],
    };
    expect(mended(union)).toEqual(object({ a: { type: "string", enum: ["x"] }, b: { type: "string", enum: ["x"] } }));
  });

  it.each(["gemini", "plain"] as const)("%s: a reference at the root is inlined whole", (reduction) => {
    const R = object({ a: { $ref: "#/definitions/A" } }, { required: ["a"] });
    expect(mended({ $ref: "#/definitions/R", definitions: { R, A: { type: "string" } } }, reduction)).toEqual(
      object({ a: { type: "string" } }, { required: ["a"] }),
    );
  });

  it("gemini: requires only what there is", () => {
    expect(mended(object({ a: { type: "string" } }, { required: ["a", "b"] }), "gemini")).toEqual(
      object({ a: { type: "string" } }, { required: ["a"] }),
    );
  });

  it("moonshot: tuples and branches", () => {
    expect(
      mended(
        object({ a: { type: "array", items: [{ type: "string" }] }, b: { type: "string", anyOf: [{ enum: ["x"] }, { type: "null" }] } }),
        "moonshot",
      ),
    ).toEqual(
      object({
        a: { type: "array", prefixItems: [{ type: "string" }] },
        b: { anyOf: [{ type: "string", enum: ["x"] }, { type: "null" }] },
      }),
    );
  });

  it("no-meta: nothing but meta keywords go", () => {
    expect(mended({ ...object({ a: { type: "string", format: "uri", $comment: "c" } }), $schema: "s" }, "no-meta")).toEqual(
      object({ a: { type: "string", format: "uri" } }),
    );
  });

  it("moonshot: references lead into $defs, or are what they point to", () => {
    const defined = object({ a: { $ref: "#/$defs/x" } }, { $defs: { x: { type: "string" } } });
    expect(mended(defined, "moonshot")).toEqual(defined);
    expect(mended(object({ a: { type: "string" }, b: { $ref: "#/properties/a" } }), "moonshot")).toEqual(
      object({ a: { type: "string" }, b: { type: "string" } }),
    );
    expect(mended(object({ a: { $ref: "#/$defs/x", description: "d" } }, { $defs: { x: { type: "string" } } }), "moonshot")).toEqual(
      object({ a: { type: "string", description: "d" } }),
    );
    expect(mended(object({ a: { $ref: "#/definitions/x" } }, { definitions: { x: { type: "string" } } }), "moonshot")).toEqual(
      object({ a: { type: "string" } }),
    );
  });

  it("boundless: no bounds and patterns, which a grammar spells out", () => {
    const bounded = {
      text: { type: "string", description: "d", minLength: 1, maxLength: 65_536, pattern: "\\S" },
      list: { type: "array", items: { type: "integer", minimum: 0, maximum: 9 }, maxItems: 5000 },
      maxLength: { type: "string" },
    };
    expect(mended(object(bounded), "boundless")).toEqual(
      object({
        text: { type: "string", description: "d" },
        list: { type: "array", items: { type: "integer" } },
        maxLength: { type: "string" },
      }),
    );
  });

  const each = (count: number, made: (index: number) => readonly [string, JsonSchema]) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => made(index)));
  it.each<readonly [string, JsonSchema, string]>([
    [
      "one that leads to the next for longer than the stack",
      object(
        { a: { $ref: "#/$defs/d0" } },
        { $defs: each(5000, (at) => [`d${at}`, object(at === 4999 ? {} : { b: { $ref: `#/$defs/d${at + 1}` } })]) },
      ),
      "a.b.b.b",
    ],
    [
      "many that lead to much",
      object(
        each(1000, (at) => [`a${at}`, { $ref: "#/$defs/d" }]),
        { $defs: { d: object(each(1000, (at) => [`b${at}`, {}])) } },
      ),
      "a0.b0",
    ],
  ])("cuts references to objects beyond all measure: %s", (_, schema, path) => {
    const out = mended(schema, "plain");
    expect(JSON.stringify(out).length).toBeLessThan(1_000_000);
    expect(out).toHaveProperty(path.split(".").flatMap((name) => ["properties", name]));
  });

  it("does not let references unfold without end", () => {
    const defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [
        `d${level}`,
        object({ x: { $ref: `#/$defs/d${level + 1}` }, y: { $ref: `#/$defs/d${level + 1}` } }),
      ]),
    );
    const unfolded = mended(object({ a: { $ref: "#/$defs/d0" } }, { $defs: defs }), "plain");
    expect(JSON.stringify(unfolded).length).toBeLessThan(1_000_000);
  });
});
