import java.time.OffsetDateTime
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import org.openapitools.client.apis.BackupsApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.infrastructure.ServerError
import org.openapitools.client.infrastructure.ServerException
import org.openapitools.client.models.BackupRecordResponse
import org.openapitools.client.models.BackupStatus
import org.openapitools.client.models.ErrorResponse
import org.openapitools.client.models.ListBackupRecordsResponse

private val time =
  DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC)
private val projectId = System.getenv("PROJECT_ID")
private val instanceId = System.getenv("INSTANCE_ID")

fun main() {
  ApiClient.apiKey["X-Auth-Token"] = System.getenv("TOKEN")

  for (name in listOf("OneManualBackup", "EveryStatus")) {
    val page = list(name)
    println("$name.total_num: ${page.totalNum}")
    val records = page.backupRecordResponse.orEmpty()
    records.forEachIndexed { index, record -> printRecord("$name.$index", record) }
    if (name == "OneManualBackup") printTypes(records.first())
  }

  val filtered =
    api("Filtered")
      .listBackupRecords(
        projectId,
        instanceId,
        beginTime = "20190501000000",
        endTime = "20190531235959",
        limit = 2,
        offset = 4,
      ) ?: error("Filtered has no page")
  println("Filtered.total_num: ${filtered.totalNum}")

  for (name in listOf("InvalidOffset", "BackupQueryFailed")) {
    val (status, body) =
      try {
        error("$name succeeds: ${list(name)}")
      } catch (e: ClientException) {
        e.statusCode to (e.response as ClientError<*>).body
      } catch (e: ServerException) {
        e.statusCode to (e.response as ServerError<*>).body
      }
    val failure = Serializer.moshi.adapter(ErrorResponse::class.java).fromJson(body as String)
    println("$name.status: $status")
    println("$name.error_code: ${failure?.errorCode}")
    println("$name.error_msg: ${failure?.errorMsg}")
  }

  println("UnknownStatus: ${unknown("UnknownStatus") { it.status?.value }}")
  // Whatever a record holds is in its toString().
  println("UnknownField: ${unknown("UnknownField") { if ("cold" in "$it") "kept" else "dropped" }}")
}

private fun api(name: String) = BackupsApi("${System.getenv("BASE_URL")}/$name")

private fun list(name: String): ListBackupRecordsResponse =
  api(name).listBackupRecords(projectId, instanceId) ?: error("$name has no page")

private fun unknown(name: String, look: (BackupRecordResponse) -> String?): String? =
  try {
    list(name).backupRecordResponse?.first()?.let(look)
  } catch (e: Exception) {
    "fails: ${e.message?.lines()?.first()}"
  }

private fun printRecord(at: String, record: BackupRecordResponse) {
  println("$at.backup_id: ${record.backupId}")
  println("$at.period: ${record.period}")
  println("$at.backup_name: ${record.backupName}")
  println("$at.instance_id: ${record.instanceId}")
  println("$at.size: ${record.size}")
  println("$at.backup_type: ${record.backupType}")
  println("$at.created_at: ${format(record.createdAt)}")
  println("$at.updated_at: ${format(record.updatedAt)}")
  println("$at.progress: ${record.progress}")
  println("$at.error_code: ${record.errorCode}")
  println("$at.remark: ${record.remark}")
  println("$at.status: ${record.status}")
  println("$at.is_support_restore: ${record.isSupportRestore}")
}

private fun printTypes(record: BackupRecordResponse) {
  val status = record.status ?: return
  println("type.size: ${record.size?.let { it::class.simpleName }}")
  println("type.created_at: ${record.createdAt?.let { it::class.simpleName }}")
  println("type.status: ${status::class.simpleName}")
  if (status == BackupStatus.succeed)
    println("type.succeed: ${status::class.simpleName}.${status.name}")
}

private fun format(value: OffsetDateTime?): String? = value?.let(time::format)
