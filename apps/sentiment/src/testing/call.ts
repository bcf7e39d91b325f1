/** An answer of a service. */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** GET, or POST with a body. */
export async function call<Body>(url: string, body?: unknown): Promise<Answer<Body>> {
  const response = await fetch(url, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** Asks again and again until the answer is as wanted. Throws with the last answer after 30 s. */
export async function callUntil<Body>(url: string, isWanted: (body: Body) => boolean): Promise<Body> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { body } = await call<Body>(url);
    if (isWanted(body)) return body;
    if (Date.now() > deadline) throw new Error(`${url} still answers ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
