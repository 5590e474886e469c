// Reads Python source without running it: as much of its syntax as the classes of an SDK have.

import { parser } from "@lezer/python";

type Syntax = ReturnType<typeof parser.parse>["topNode"];

type Assigned = string | ReadonlyMap<string, string>;

export interface Python {
  /** Its body, by the names of the functions or classes around it. */
  find(kind: "ClassDefinition" | "FunctionDefinition", name: RegExp): Python | undefined;
  /** The statements `NAME = VALUE` of this body, not those inside others: strings, and dictionaries of strings. */
  assigned: ReadonlyMap<string, Assigned>;
  /** What follows the `self.NAME =` of this body, not of those inside others. */
  attributes: ReadonlyMap<string, string>;
  /** The string that this body begins with. */
  docs: string;
  /** The values that are strings, by their keys in a dictionary or the names of their arguments, anywhere inside. */
  pairs: ReadonlyMap<string, string>;
  /** The first strings of `NAME['STRING'] =` and `NAME.append(('STRING', …`, with the name, anywhere inside. */
  keyed: ReadonlyMap<string, string>;
}

export function readPython(source: string): Python {
  return within(parser.parse(source).topNode);

  function within(node: Syntax): Python {
    const statements = childrenOf(node.getChild("Body") ?? node);
    const assignments = statements
      .filter(({ name }) => name === "AssignStatement")
      .map((statement) => ({ target: statement.firstChild, value: statement.lastChild }));
    const [first] = statements.filter(({ name }) => name !== ":");
    const docs = first?.name === "ExpressionStatement" ? first.getChild("String") : null;
    return {
      find(kind, name) {
        const found = descendants(node).find(
          (child) => child.name === kind && name.test(textOf(child.getChild("VariableName"))),
        );
        return found && within(found);
      },
      assigned: new Map(
        assignments.flatMap(({ target, value }): [string, Assigned][] => {
          if (target?.name !== "VariableName") return [];
          if (value?.name === "String") return [[textOf(target), stringOf(value)]];
          return value?.name === "DictionaryExpression" ? [[textOf(target), pairsIn(value)]] : [];
        }),
      ),
      attributes: new Map(
        assignments.flatMap(({ target, value }): [string, string][] => {
          const [, name] = /^self\.(\w+)$/.exec(textOf(target)) ?? [];
          return name === undefined ? [] : [[name, textOf(value)]];
        }),
      ),
      docs: docs ? stringOf(docs) : "",
      pairs: new Map(descendants(node).flatMap((child) => [...pairsIn(child)])),
      keyed: new Map(
        descendants(node).flatMap((child): [string, string][] => {
          const isCall = child.name === "CallExpression";
          if (!isCall && child.name !== "AssignStatement") return [];
          const owner = child.firstChild;
          const [, name] = /^(\w+)(?:\.append$|\[)/.exec(textOf(owner)) ?? [];
          const key = descendants(isCall ? child : (owner ?? child)).find(({ name }) => name === "String");
          return name === undefined || !key ? [] : [[stringOf(key), name]];
        }),
      ),
    };
  }

  /** The strings of `'KEY': 'STRING'` or `KEY='STRING'` in a dictionary or a list of arguments. */
  function pairsIn(node: Syntax): Map<string, string> {
    if (node.name !== "DictionaryExpression" && node.name !== "ArgList") return new Map();
    const parts = childrenOf(node);
    return new Map(
      parts.flatMap((part, index): [string, string][] => {
        const [key, value] = [parts[index - 1], parts[index + 1]];
        if ((part.name !== ":" && part.name !== "AssignOp") || !key || value?.name !== "String") return [];
        return [[key.name === "String" ? stringOf(key) : textOf(key), stringOf(value)]];
      }),
    );
  }

  function textOf(node: Syntax | null): string {
    return node ? source.slice(node.from, node.to) : "";
  }

  function stringOf(node: Syntax): string {
    return textOf(node).replace(/^[a-z]*("""|'''|"|')([\s\S]*)\1$/i, "$2");
  }
}

function childrenOf(node: Syntax): Syntax[] {
  const children: Syntax[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

const descendants = (node: Syntax): Syntax[] => childrenOf(node).flatMap((child) => [child, ...descendants(child)]);
