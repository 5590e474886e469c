package main

import (
	"context"
	"errors"

	"consumers/answers"
	"consumers/openapi-generator/client"
)

func main() { answers.Meet(list) }

func list(ctx context.Context, call answers.Call) (any, error) {
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: call.Server}}
	api := client.NewAPIClient(configuration).BackupsAPI
	keys := map[string]client.APIKey{"AuthToken": {Key: call.Token}}
	request := api.ListBackupRecords(context.WithValue(ctx, client.ContextAPIKeys, keys), call.ProjectID, call.InstanceID)
	response, answer, err := request.Execute()
	failure, ok := errors.AsType[*client.GenericOpenAPIError](err)
	switch {
	case ok && answer.StatusCode >= 300 && failure.Model() != nil:
		return nil, &answers.Refusal{Status: answer.StatusCode, Answer: failure.Model()}
	case ok && answer.StatusCode >= 300:
		return nil, &answers.Refusal{Status: answer.StatusCode, Answer: string(failure.Body())}
	case err != nil:
		return nil, err
	default:
		return response, nil
	}
}
