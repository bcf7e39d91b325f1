import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./page.css";

const queries = new QueryClient({
  // The shop is on the same machine: asked again when somebody comes back to it, not in between.
  defaultOptions: { queries: { retry: 1, staleTime: 5_000 } },
});
const element = document.getElementById("page");
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
