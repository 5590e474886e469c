import org.openapitools.client.ApiClient;
import org.openapitools.client.api.BackupsApi;
import org.openapitools.client.auth.ApiKeyAuth;
import org.springframework.web.client.RestClientResponseException;

final class Meet extends Answers {
  public static void main(String[] args) {
    new Meet().run();
  }

  @Override
  BackupsApi api(String baseUrl, String token) {
    ApiClient client = new ApiClient().setBasePath(baseUrl);
    ((ApiKeyAuth) client.getAuthentication("AuthToken")).setApiKey(token);
    return new BackupsApi(client);
  }

  @Override
  Refusal refusal(Exception exception) throws Exception {
    if (!(exception instanceof RestClientResponseException answer)) throw exception;
    return new Refusal(answer.getStatusCode().value(), answer.getResponseBodyAsString());
  }
}
