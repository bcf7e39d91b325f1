import { percentDecode, type QueryPair } from "../percent-encoding.ts";
import type { RequestHead } from "../request-head.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";

interface RestRoute {
  readonly operation: OperationModel;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  readonly query: readonly QueryPair[];
  readonly literalLength: number;
}

export interface RestMatch {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

const routesOf = new WeakMap<ServiceModel, readonly RestRoute[]>();

/** The operation of a REST request by method, path and query literals; more query literals first, then more literal characters. */
export function matchRestRoute(
  model: ServiceModel,
  head: RequestHead,
  query: readonly QueryPair[],
): RestMatch | undefined {
  let routes = routesOf.get(model);
  if (routes === undefined) routesOf.set(model, (routes = readRoutes(model)));
  for (const route of routes) {
    if (route.method !== head.method || !route.query.every((wanted) => hasQuery(query, wanted))) continue;
    const match = route.path.exec(head.path);
    if (match === null) continue;
    const labels = Object.fromEntries(route.labels.map((name, i) => [name, match[i + 1] ?? ""]));
    if (Object.values(labels).every((label) => percentDecode(label) !== undefined))
      return { operation: route.operation, labels };
  }
  return undefined;
}

function hasQuery(query: readonly QueryPair[], { name, value }: QueryPair): boolean {
  return query.some((pair) => pair.name === name && (value === "" || pair.value === value));
}

function readRoutes(model: ServiceModel): RestRoute[] {
  const routes: RestRoute[] = [];
  for (const operation of model.operations.values()) {
    if (operation.traits.http === undefined) continue;
    const [method, uri] = operation.traits.http;
    const [path = "/", query = ""] = uri.split("?");
    const labels: string[] = [];
    const pattern = path.replace(
      /\{(\w+)(\+?)\}|[.*+?^$()|[\]\\]/g,
      (text, label: string | undefined, greedy: string | undefined) => {
        if (label === undefined) return `\\${text}`;
        labels.push(label);
        return greedy ? "(.+)" : "([^/]+)";
      },
    );
    const pairs = [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
    const literalLength = path.replace(/\{\w+\+?\}/g, "").length;
    routes.push({ operation, method, path: new RegExp(`^${pattern}/?$`), labels, query: pairs, literalLength });
  }
  return routes.sort((a, b) => b.query.length - a.query.length || b.literalLength - a.literalLength);
}
