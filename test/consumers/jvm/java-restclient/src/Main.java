import org.openapitools.client.ApiClient;
import org.openapitools.client.api.BackupsApi;
import org.openapitools.client.auth.ApiKeyAuth;
import org.openapitools.client.model.ErrorResponse;
import org.springframework.web.client.RestClientResponseException;

final class Main extends Program {
  public static void main(String[] args) throws Exception {
    new Main().run();
  }

  @Override
  BackupsApi api(String baseUrl, String token) {
    ApiClient client = new ApiClient().setBasePath(baseUrl);
    ((ApiKeyAuth) client.getAuthentication("AuthToken")).setApiKey(token);
    return new BackupsApi(client);
  }

  @Override
  Failure failure(Exception exception) throws Exception {
    if (!(exception instanceof RestClientResponseException answer)) throw exception;
    return new Failure(
        answer.getStatusCode().value(), answer.getResponseBodyAs(ErrorResponse.class));
  }
}
