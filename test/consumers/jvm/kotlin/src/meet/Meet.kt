import org.openapitools.client.apis.BackupsApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.ServerError
import org.openapitools.client.infrastructure.ServerException

/** It meets the later service's answers (../../../../answers.ts says what it prints). */
object Meet {
  @JvmStatic
  fun main(args: Array<String>) {
    ApiClient.apiKey["X-Auth-Token"] = System.getenv("TOKEN")
    for (name in System.getenv("CASES").split(" ")) {
      println("$name: ${outcome(name).replace(Regex("\\s+"), " ")}")
    }
  }

  private fun outcome(name: String): String =
    try {
      val api = BackupsApi("${System.getenv("BASE_URL")}/$name")
      "gives ${api.listBackupRecords(System.getenv("PROJECT_ID"), System.getenv("INSTANCE_ID"))}"
    } catch (e: ClientException) {
      "error ${e.statusCode} ${(e.response as? ClientError<*>)?.body}"
    } catch (e: ServerException) {
      "error ${e.statusCode} ${(e.response as? ServerError<*>)?.body}"
    } catch (e: Exception) {
      "crash ${e.message}"
    }
}
