import org.openapitools.client.api.BackupsApi;

/**
 * The program of every Java row that meets the later service's answers (../../answers.ts says what
 * it prints).
 */
abstract class Answers {
  /** The exception of the client that names the server's answer, with what it gives of it. */
  record Refusal(int status, String answer) {}

  abstract BackupsApi api(String baseUrl, String token);

  /** An exception of another kind is thrown again. */
  abstract Refusal refusal(Exception exception) throws Exception;

  void run() {
    for (String name : System.getenv("CASES").split(" ")) {
      System.out.println(name + ": " + outcome(name).replaceAll("\\s+", " "));
    }
  }

  private String outcome(String name) {
    BackupsApi api = api(System.getenv("BASE_URL") + "/" + name, System.getenv("TOKEN"));
    String projectId = System.getenv("PROJECT_ID");
    String instanceId = System.getenv("INSTANCE_ID");
    try {
      return "gives " + api.listBackupRecords(projectId, instanceId, null, null, null, null);
    } catch (Exception exception) {
      return failure(exception);
    }
  }

  private String failure(Exception exception) {
    try {
      Refusal refusal = refusal(exception);
      return "error " + refusal.status() + " " + refusal.answer();
    } catch (Exception other) {
      return "crash " + other.getMessage();
    }
  }
}
