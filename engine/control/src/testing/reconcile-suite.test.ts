import type { Resource } from "@rondo/store";
import { testReconcile } from "./reconcile-suite.ts";

/** A job of three states whose effects on the world are keyed by the row, so that repeating one changes nothing. */
testReconcile({
  name: "a well-behaved kind",
  crashPoints: ["started", "marked", "cleaned"],
  createWorld({ clock }) {
    const effects = new Set<string>();
    return {
      kind: {
        type: "test/job",
        giveUp: (_resource, reason) => ({ status: "Failed", body: { reason } }),
        async reconcile(resource: Resource<object>, context) {
          if (resource.status === "Pending") {
            effects.add(`started ${resource.name}`);
            context.crashPoint("started");
            await context.save(resource, { status: "Running" });
            context.crashPoint("marked");
            return { due: new Date(clock.now().getTime() + 60_000) };
          }
          effects.add(`cleaned ${resource.name}`);
          context.crashPoint("cleaned");
          return { status: "Completed" };
        },
      },
      resource: {
        accountId: "000000000000",
        region: "us-east-1",
        type: "test/job",
        name: "one",
        arn: "arn:one",
        status: "Pending",
        body: {},
        due: "now",
      },
      observe: () => [...effects],
    };
  },
});
