import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

final class Main {
  public static void main(String[] files) {
    List<String> complaints =
        Stream.of(files).flatMap(file -> complaints(file).map(text -> file + ": " + text)).toList();
    complaints.forEach(System.err::println);
    System.exit(complaints.isEmpty() ? 0 : 1);
  }

  private static Stream<String> complaints(String file) {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    options.setResolveFully(true);
    SwaggerParseResult result = new OpenAPIV3Parser().readLocation(file, null, options);
    OpenAPI document = result.getOpenAPI();
    return Stream.concat(
        result.getMessages().stream(),
        document == null
            ? Stream.of("no document")
            : unresolved(document).map(ref -> "nothing is at " + ref));
  }

  /** A remaining reference is broken. In OpenAPI 3.0 the parser reports this only for schemas. */
  private static Stream<String> unresolved(OpenAPI document) {
    return document.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .flatMap(
            operation ->
                Stream.concat(
                    operation.getParameters().stream().map(Parameter::get$ref),
                    operation.getResponses().values().stream().map(ApiResponse::get$ref)))
        .filter(Objects::nonNull);
  }
}
