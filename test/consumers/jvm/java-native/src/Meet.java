import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.BackupsApi;

final class Meet extends Answers {
  public static void main(String[] args) {
    new Meet().run();
  }

  @Override
  BackupsApi api(String baseUrl, String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(baseUrl);
    client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
    return new BackupsApi(client);
  }

  @Override
  Refusal refusal(Exception exception) throws Exception {
    if (!(exception instanceof ApiException answer) || answer.getCode() == 0) throw exception;
    return new Refusal(answer.getCode(), answer.getResponseBody());
  }
}
