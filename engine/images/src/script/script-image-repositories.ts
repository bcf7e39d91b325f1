import { frameworkImages } from "./framework-images.ts";

/** The repositories of all script images, for messages. */
export const scriptImageRepositories: readonly string[] = frameworkImages.map(({ repository }) => repository);
