package main

import (
	"context"
	"net/http"

	"consumers/answers"
	"consumers/oapi-codegen/client"
)

func main() { answers.Meet(list) }

func list(ctx context.Context, call answers.Call) (any, error) {
	api, err := client.NewClientWithResponses(call.Server, client.WithRequestEditorFn(
		func(_ context.Context, request *http.Request) error {
			request.Header.Set("X-Auth-Token", call.Token)
			return nil
		},
	))
	if err != nil {
		return nil, err
	}
	result, err := api.ListBackupRecordsWithResponse(ctx, call.ProjectID, call.InstanceID, nil)
	switch {
	case err != nil:
		return nil, err
	case result.JSON400 != nil:
		return nil, &answers.Refusal{Status: result.StatusCode(), Answer: result.JSON400}
	case result.StatusCode() >= http.StatusBadRequest:
		return nil, &answers.Refusal{Status: result.StatusCode(), Answer: string(result.Body)}
	default:
		return result.JSON200, nil
	}
}
