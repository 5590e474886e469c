// The files of generated/ that are copied beside the page, so that the folder docs/ can be published as it is.

export const bundles = ["openapi.yaml", "openapi.json", "openapi-3.1.yaml", "openapi-3.1.json"];
export const postmanFile = "postman_collection.json";

export const copies = [...bundles, postmanFile];
