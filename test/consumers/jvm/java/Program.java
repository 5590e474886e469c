import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;
import org.openapitools.client.api.BackupsApi;
import org.openapitools.client.model.BackupRecordResponse;
import org.openapitools.client.model.BackupStatus;
import org.openapitools.client.model.ErrorResponse;
import org.openapitools.client.model.ListBackupRecordsResponse;

/**
 * The program of every Java row (../../wire.ts says what it prints). OpenAPI Generator's libraries
 * have the API and the models in common; they differ in how a client is set up, and in what it
 * throws.
 */
abstract class Program {
  record Failure(int status, ErrorResponse error) {}

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private final String projectId = System.getenv("PROJECT_ID");
  private final String instanceId = System.getenv("INSTANCE_ID");

  abstract BackupsApi api(String baseUrl, String token);

  /**
   * What the server says of a call that it refused. An exception of another kind is thrown again.
   */
  abstract Failure failure(Exception exception) throws Exception;

  void run() throws Exception {
    for (String name : List.of("OneManualBackup", "EveryStatus")) {
      ListBackupRecordsResponse page = list(name);
      print(name + ".total_num", page.getTotalNum());
      List<BackupRecordResponse> records = page.getBackupRecordResponse();
      for (int index = 0; index < records.size(); index++) {
        printRecord(name + "." + index, records.get(index));
      }
      if (name.equals("OneManualBackup")) printTypes(records.get(0));
    }

    BackupsApi api = api("Filtered");
    ListBackupRecordsResponse filtered =
        api.listBackupRecords(projectId, instanceId, "20190501000000", "20190531235959", 2, 4);
    print("Filtered.total_num", filtered.getTotalNum());

    for (String name : List.of("InvalidOffset", "BackupQueryFailed")) {
      try {
        list(name);
      } catch (Exception exception) {
        Failure failure = failure(exception);
        print(name + ".status", failure.status());
        print(name + ".error_code", failure.error().getErrorCode());
        print(name + ".error_msg", failure.error().getErrorMsg());
      }
    }

    print("UnknownStatus", unknown("UnknownStatus", record -> record.getStatus().getValue()));
    // Whatever a record holds is in its toString().
    print(
        "UnknownField",
        unknown("UnknownField", record -> record.toString().contains("cold") ? "kept" : "dropped"));
  }

  private ListBackupRecordsResponse list(String name) throws Exception {
    return api(name).listBackupRecords(projectId, instanceId, null, null, null, null);
  }

  private BackupsApi api(String name) {
    return api(System.getenv("BASE_URL") + "/" + name, System.getenv("TOKEN"));
  }

  private String unknown(String name, Function<BackupRecordResponse, String> look) {
    try {
      return look.apply(list(name).getBackupRecordResponse().get(0));
    } catch (Exception exception) {
      return "fails: " + exception.getMessage().lines().findFirst().orElse("");
    }
  }

  private static void printRecord(String at, BackupRecordResponse record) {
    print(at + ".backup_id", record.getBackupId());
    print(at + ".period", record.getPeriod());
    print(at + ".backup_name", record.getBackupName());
    print(at + ".instance_id", record.getInstanceId());
    print(at + ".size", record.getSize());
    print(at + ".backup_type", record.getBackupType());
    print(at + ".created_at", format(record.getCreatedAt()));
    print(at + ".updated_at", format(record.getUpdatedAt()));
    print(at + ".progress", record.getProgress());
    print(at + ".error_code", record.getErrorCode());
    print(at + ".remark", record.getRemark());
    print(at + ".status", record.getStatus());
    print(at + ".is_support_restore", record.getIsSupportRestore());
  }

  private static void printTypes(BackupRecordResponse record) {
    BackupStatus status = record.getStatus();
    print("type.size", record.getSize().getClass().getSimpleName());
    print("type.created_at", record.getCreatedAt().getClass().getSimpleName());
    print("type.status", status.getClass().getSimpleName());
    if (status == BackupStatus.SUCCEED) {
      print("type.succeed", status.getClass().getSimpleName() + "." + status.name());
    }
  }

  private static String format(OffsetDateTime time) {
    return time == null ? null : TIME.format(time);
  }

  private static void print(String key, Object value) {
    System.out.println(key + ": " + value);
  }
}
