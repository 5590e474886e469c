package main

import (
	"context"
	"fmt"
	"net/http"

	"consumers/oapi-codegen/client"
	"consumers/program"
)

func main() {
	program.Run(program.Consumer{List: list, Succeed: client.BackupStatusSucceed, Spelling: "client.BackupStatusSucceed"})
}

func list(ctx context.Context, call program.Call) (*program.Page, error) {
	api, err := client.NewClientWithResponses(call.Server, client.WithRequestEditorFn(
		func(_ context.Context, request *http.Request) error {
			request.Header.Set("X-Auth-Token", call.Token)
			return nil
		},
	))
	if err != nil {
		return nil, err
	}
	params := &client.ListBackupRecordsParams{}
	if f := call.Filter; f != nil {
		params = &client.ListBackupRecordsParams{
			Limit: &f.Limit, Offset: &f.Offset, BeginTime: &f.BeginTime, EndTime: &f.EndTime,
		}
	}
	result, err := api.ListBackupRecordsWithResponse(ctx, call.ProjectID, call.InstanceID, params)
	switch {
	case err != nil:
		return nil, err
	case result.JSON200 != nil:
		return page(result.JSON200), nil
	case result.JSON400 != nil:
		return nil, refusal(result.StatusCode(), result.JSON400)
	case result.JSON500 != nil:
		return nil, refusal(result.StatusCode(), result.JSON500)
	default:
		return nil, fmt.Errorf("status %s", result.Status())
	}
}

func page(response *client.ListBackupRecordsResponse) *program.Page {
	page := &program.Page{TotalNum: program.Value(response.TotalNum)}
	if response.BackupRecordResponse != nil {
		for _, record := range *response.BackupRecordResponse {
			page.Records = append(page.Records, program.Record{Generated: record, Fields: fields(record)})
		}
	}
	return page
}

func fields(r client.BackupRecordResponse) map[string]any {
	return map[string]any{
		"backup_id":          program.Value(r.BackupId),
		"period":             program.Value(r.Period),
		"backup_name":        program.Value(r.BackupName),
		"instance_id":        program.Value(r.InstanceId),
		"size":               program.Value(r.Size),
		"backup_type":        program.Value(r.BackupType),
		"created_at":         program.Value(r.CreatedAt),
		"updated_at":         program.Value(r.UpdatedAt),
		"progress":           program.Value(r.Progress),
		"error_code":         program.Value(r.ErrorCode),
		"remark":             program.Value(r.Remark),
		"status":             program.Value(r.Status),
		"is_support_restore": program.Value(r.IsSupportRestore),
	}
}

func refusal(status int, response *client.ErrorResponse) error {
	return &program.Refusal{
		Status:    status,
		ErrorCode: program.Value(response.ErrorCode),
		ErrorMsg:  program.Value(response.ErrorMsg),
	}
}
