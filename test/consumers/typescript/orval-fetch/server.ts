/** Where the generated code sends its requests. */
export const server = { url: "" };
