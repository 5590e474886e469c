import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.BackupsApi;
import org.openapitools.client.model.ErrorResponse;

final class Main extends Program {
  public static void main(String[] args) throws Exception {
    new Main().run();
  }

  @Override
  BackupsApi api(String baseUrl, String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(baseUrl);
    client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
    return new BackupsApi(client);
  }

  @Override
  Failure failure(Exception exception) throws Exception {
    if (!(exception instanceof ApiException answer) || answer.getResponseBody() == null)
      throw exception;
    ErrorResponse error =
        ApiClient.createDefaultObjectMapper()
            .readValue(answer.getResponseBody(), ErrorResponse.class);
    return new Failure(answer.getCode(), error);
  }
}
