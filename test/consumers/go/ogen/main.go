package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ogen-go/ogen/ogenerrors"

	"consumers/ogen/client"
	"consumers/program"
)

func main() {
	program.Run(program.Consumer{List: list, Succeed: client.BackupStatusSucceed, Spelling: "client.BackupStatusSucceed"})
}

// token authenticates by X-Auth-Token and leaves out the other way that the contract has.
type token string

func (t token) AuthToken(context.Context, client.OperationName) (client.AuthToken, error) {
	return client.AuthToken{APIKey: string(t)}, nil
}

func (token) AkSkSignature(context.Context, client.OperationName) (client.AkSkSignature, error) {
	return client.AkSkSignature{}, ogenerrors.ErrSkipClientSecurity
}

func list(ctx context.Context, call program.Call) (*program.Page, error) {
	api, err := client.NewClient(call.Server, token(call.Token))
	if err != nil {
		return nil, err
	}
	params := client.ListBackupRecordsParams{ProjectID: call.ProjectID, InstanceID: call.InstanceID}
	if f := call.Filter; f != nil {
		params.Limit = client.NewOptInt32(f.Limit)
		params.Offset = client.NewOptInt32(f.Offset)
		params.BeginTime = client.NewOptString(f.BeginTime)
		params.EndTime = client.NewOptString(f.EndTime)
	}
	result, err := api.ListBackupRecords(ctx, params)
	if err != nil {
		return nil, err
	}
	switch result := result.(type) {
	case *client.ListBackupRecordsResponse:
		return page(result), nil
	case *client.ListBackupRecordsBadRequest:
		return nil, refusal(http.StatusBadRequest, client.ErrorResponse(*result))
	case *client.ListBackupRecordsInternalServerError:
		return nil, refusal(http.StatusInternalServerError, client.ErrorResponse(*result))
	default:
		return nil, fmt.Errorf("a %T", result)
	}
}

func page(response *client.ListBackupRecordsResponse) *program.Page {
	page := &program.Page{TotalNum: value(response.TotalNum)}
	for _, record := range response.BackupRecordResponse {
		page.Records = append(page.Records, program.Record{Generated: &record, Fields: fields(record)})
	}
	return page
}

func fields(r client.BackupRecordResponse) map[string]any {
	return map[string]any{
		"backup_id":          value(r.BackupID),
		"period":             value(r.Period),
		"backup_name":        value(r.BackupName),
		"instance_id":        value(r.InstanceID),
		"size":               value(r.Size),
		"backup_type":        value(r.BackupType),
		"created_at":         value(r.CreatedAt),
		"updated_at":         value(r.UpdatedAt),
		"progress":           value(r.Progress),
		"error_code":         value(r.ErrorCode),
		"remark":             value(r.Remark),
		"status":             value(r.Status),
		"is_support_restore": value(r.IsSupportRestore),
	}
}

func refusal(status int, response client.ErrorResponse) error {
	return &program.Refusal{
		Status:    status,
		ErrorCode: value(response.ErrorCode),
		ErrorMsg:  value(response.ErrorMsg),
	}
}

// value is that of an Opt… type, or nil.
func value[T any](optional interface{ Get() (T, bool) }) any {
	if value, ok := optional.Get(); ok {
		return value
	}
	return nil
}
