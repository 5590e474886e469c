package main

import (
	"context"
	"errors"

	"consumers/openapi-generator/client"
	"consumers/program"
)

func main() {
	program.Run(program.Consumer{List: list, Succeed: client.BACKUPSTATUS_SUCCEED, Spelling: "client.BACKUPSTATUS_SUCCEED"})
}

func list(ctx context.Context, call program.Call) (*program.Page, error) {
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: call.Server}}
	api := client.NewAPIClient(configuration).BackupsAPI
	keys := map[string]client.APIKey{"AuthToken": {Key: call.Token}}
	request := api.ListBackupRecords(context.WithValue(ctx, client.ContextAPIKeys, keys), call.ProjectID, call.InstanceID)
	if f := call.Filter; f != nil {
		request = request.Limit(f.Limit).Offset(f.Offset).BeginTime(f.BeginTime).EndTime(f.EndTime)
	}
	response, answer, err := request.Execute()
	if failure, ok := errors.AsType[*client.GenericOpenAPIError](err); ok {
		if model, ok := failure.Model().(client.ErrorResponse); ok {
			return nil, refusal(answer.StatusCode, model)
		}
	}
	if err != nil {
		return nil, err
	}
	return page(response), nil
}

func page(response *client.ListBackupRecordsResponse) *program.Page {
	page := &program.Page{TotalNum: program.Value(response.TotalNum)}
	for _, record := range response.BackupRecordResponse {
		page.Records = append(page.Records, program.Record{Generated: record, Fields: fields(record)})
	}
	return page
}

func fields(r client.BackupRecordResponse) map[string]any {
	return map[string]any{
		"backup_id":          program.Value(r.BackupId),
		"period":             program.Value(r.Period.Get()),
		"backup_name":        program.Value(r.BackupName),
		"instance_id":        program.Value(r.InstanceId),
		"size":               program.Value(r.Size),
		"backup_type":        program.Value(r.BackupType),
		"created_at":         program.Value(r.CreatedAt),
		"updated_at":         program.Value(r.UpdatedAt),
		"progress":           program.Value(r.Progress),
		"error_code":         program.Value(r.ErrorCode.Get()),
		"remark":             program.Value(r.Remark),
		"status":             program.Value(r.Status),
		"is_support_restore": program.Value(r.IsSupportRestore),
	}
}

func refusal(status int, response client.ErrorResponse) error {
	return &program.Refusal{
		Status:    status,
		ErrorCode: program.Value(response.ErrorCode),
		ErrorMsg:  program.Value(response.ErrorMsg),
	}
}
